-- entity
SELECT "id", "name", "email", "created_at", "genre" FROM "authors"

-- page
SELECT "title" FROM "books" WHERE "price" COLLATE bridge_decimal > ? AND ("title" LIKE ? ESCAPE '\' OR "published" IS NULL) ORDER BY "price" COLLATE bridge_decimal DESC, "title", "published" NULLS LAST, "pages" DESC NULLS FIRST LIMIT ? OFFSET ?

-- offset alone
SELECT "title" FROM "books" WHERE "price" COLLATE bridge_decimal > ? AND ("title" LIKE ? ESCAPE '\' OR "published" IS NULL) ORDER BY "price" COLLATE bridge_decimal DESC, "title", "published" NULLS LAST, "pages" DESC NULLS FIRST LIMIT -1 OFFSET ?

-- distinct
SELECT DISTINCT "price" COLLATE bridge_decimal, lower("title") AS "low" FROM "books" ORDER BY "price" COLLATE bridge_decimal DESC

-- distinct on
-- refused, unsupported_feature: SQLite has no DISTINCT ON; number the rows with row_number in a subquery and take the first

-- two sources
SELECT "authors"."id", "authors"."name", "authors"."email", "authors"."created_at", "authors"."genre", "books"."id", "books"."author_id", "books"."title", "books"."price", "books"."details", "books"."pages", "books"."published" FROM "authors" CROSS JOIN "books" WHERE "authors"."id" = "books"."author_id"

-- join
SELECT "books"."id", "books"."author_id", "books"."title", "books"."price", "books"."details", "books"."pages", "books"."published", "authors"."id", "authors"."name", "authors"."email", "authors"."created_at", "authors"."genre" FROM "books" JOIN "authors" ON "books"."author_id" = "authors"."id"

-- left join
SELECT "books"."id", "books"."author_id", "books"."title", "books"."price", "books"."details", "books"."pages", "books"."published", "authors"."id", "authors"."name", "authors"."email", "authors"."created_at", "authors"."genre" FROM "books" LEFT JOIN "authors" ON "books"."author_id" = "authors"."id"

-- self join
SELECT "categories"."label", "categories_2"."label", "categories_3"."label" FROM "categories" JOIN "categories" AS "categories_2" ON "categories"."parent_id" = "categories_2"."id" LEFT JOIN "categories" AS "categories_3" ON "categories_2"."parent_id" = "categories_3"."id"

-- grouped
SELECT "authors"."name", count(*) AS "books", bridge_decimal_avg("books"."price"), bridge_decimal_avg("books"."pages") FROM "authors" LEFT JOIN "books" ON "authors"."id" = "books"."author_id" GROUP BY "authors"."name" HAVING count(*) > ? ORDER BY "books" DESC

-- grouped by key
SELECT "id", "name", "email", "created_at", "genre", count(*) FROM "authors" GROUP BY "id"

-- grouped by decimal
SELECT "price", count(*) FROM "books" GROUP BY "price" COLLATE bridge_decimal

-- for update of skip locked
-- refused, unsupported_feature: SQLite has no row locks; a serializable transaction keeps others away

-- for share nowait
-- refused, unsupported_feature: SQLite has no row locks; a serializable transaction keeps others away

-- integers compared
SELECT "id" FROM "books" WHERE "pages" = ?

-- decimals compared
SELECT "id" FROM "books" WHERE "price" COLLATE bridge_decimal = ?

-- integers compared
SELECT "id" FROM "books" WHERE "pages" <> ?

-- decimals compared
SELECT "id" FROM "books" WHERE "price" COLLATE bridge_decimal <> ?

-- integers compared
SELECT "id" FROM "books" WHERE "pages" < ?

-- decimals compared
SELECT "id" FROM "books" WHERE "price" COLLATE bridge_decimal < ?

-- integers compared
SELECT "id" FROM "books" WHERE "pages" <= ?

-- decimals compared
SELECT "id" FROM "books" WHERE "price" COLLATE bridge_decimal <= ?

-- integers compared
SELECT "id" FROM "books" WHERE "pages" > ?

-- decimals compared
SELECT "id" FROM "books" WHERE "price" COLLATE bridge_decimal > ?

-- integers compared
SELECT "id" FROM "books" WHERE "pages" >= ?

-- decimals compared
SELECT "id" FROM "books" WHERE "price" COLLATE bridge_decimal >= ?

-- integers compared
SELECT "id" FROM "books" WHERE "pages" IS NOT ?

-- decimals compared
SELECT "id" FROM "books" WHERE "price" COLLATE bridge_decimal IS NOT ?

-- integers compared
SELECT "id" FROM "books" WHERE "pages" IS ?

-- decimals compared
SELECT "id" FROM "books" WHERE "price" COLLATE bridge_decimal IS ?

-- decimal compared with integer
SELECT "id" FROM "books" WHERE CAST("pages" AS TEXT) < "price" COLLATE bridge_decimal

-- integers
SELECT "pages" + ? FROM "books"

-- decimals
SELECT bridge_decimal_add("price", bridge_decimal_add("price", "pages")) FROM "books"

-- integers
SELECT "pages" - ? FROM "books"

-- decimals
SELECT bridge_decimal_subtract("price", bridge_decimal_subtract("price", "pages")) FROM "books"

-- integers
SELECT "pages" * ? FROM "books"

-- decimals
SELECT bridge_decimal_multiply("price", bridge_decimal_multiply("price", "pages")) FROM "books"

-- integers
SELECT "pages" / ? FROM "books"

-- decimals
SELECT bridge_decimal_divide("price", bridge_decimal_divide("price", "pages")) FROM "books"

-- integers
SELECT "pages" % ? FROM "books"

-- decimals
SELECT bridge_decimal_modulo("price", bridge_decimal_modulo("price", "pages")) FROM "books"

-- pattern
SELECT "id" FROM "books" WHERE "title" LIKE ? ESCAPE '\'

-- pattern
SELECT "id" FROM "books" WHERE "title" NOT LIKE ? ESCAPE '\'

-- pattern
SELECT "id" FROM "books" WHERE LOWER("title") LIKE LOWER(?) ESCAPE '\'

-- pattern
SELECT "id" FROM "books" WHERE LOWER("title") NOT LIKE LOWER(?) ESCAPE '\'

-- concatenation
SELECT "title" || ? FROM "books"

-- nested logic
SELECT "id" FROM "books" WHERE NOT ("pages" > ? OR ("pages" > ? AND "pages" > ?)) AND "pages" > ?

-- chain of or
SELECT "id" FROM "books" WHERE "pages" > ? OR "pages" > ? OR "pages" > ?

-- negated integer
SELECT -("pages" + ?) FROM "books"

-- negated decimal
SELECT bridge_decimal_negate("price") FROM "books"

-- null tests
SELECT "id" FROM "books" WHERE "details" IS NULL AND "published" IS NOT NULL

-- in empty list
SELECT "id" FROM "books" WHERE 1 = 0

-- not in empty list
SELECT "id" FROM "books" WHERE 1 = 1

-- in three
SELECT "id" FROM "books" WHERE "author_id" IN (?, ?, ?, ?)

-- not in one
SELECT "id" FROM "books" WHERE "author_id" NOT IN (?)

-- decimal in list
SELECT "id" FROM "books" WHERE "price" COLLATE bridge_decimal IN (?)

-- expression in list
SELECT "id" FROM "books" WHERE lower("title") IN (?)

-- between
SELECT "id" FROM "books" WHERE "price" COLLATE bridge_decimal BETWEEN ? AND ?

-- not between
SELECT "id" FROM "books" WHERE "pages" NOT BETWEEN ? AND ?

-- row values
SELECT "id" FROM "books" WHERE ("price" COLLATE bridge_decimal, "author_id") > (?, ?)

-- abs
SELECT abs("pages") FROM "books"

-- abs of decimals
SELECT CASE WHEN ("price") COLLATE bridge_decimal < '0' THEN bridge_decimal_negate("price") ELSE "price" END FROM "books"

-- avg
SELECT bridge_decimal_avg("pages") FROM "books"

-- avg of decimals
SELECT bridge_decimal_avg("price") FROM "books"

-- max
SELECT max("pages") FROM "books"

-- max of decimals
SELECT max("price" COLLATE bridge_decimal) FROM "books"

-- min
SELECT min("pages") FROM "books"

-- min of decimals
SELECT min("price" COLLATE bridge_decimal) FROM "books"

-- sum
SELECT sum("pages") FROM "books"

-- sum of decimals
SELECT bridge_decimal_sum("price") FROM "books"

-- sum of int64
SELECT sum("author_id") FROM "books"

-- sum of a column times a value
SELECT sum("pages" * ?) FROM "books"

-- length
SELECT length("title") FROM "books"

-- lower
SELECT lower("title") FROM "books"

-- ltrim
SELECT ltrim("title") FROM "books"

-- rtrim
SELECT rtrim("title") FROM "books"

-- trim
SELECT trim("title") FROM "books"

-- upper
SELECT upper("title") FROM "books"

-- replace
SELECT replace("title", ?, ?) FROM "books"

-- substring
SELECT substr("title", ?, ?) FROM "books"

-- coalesce
SELECT coalesce("email", ?) FROM "authors"

-- nullif
SELECT nullif("price" COLLATE bridge_decimal, ? COLLATE bridge_decimal) FROM "books"

-- greatest
SELECT max("pages", ?) FROM "books"

-- least of decimals
SELECT min("price" COLLATE bridge_decimal, ? COLLATE bridge_decimal) FROM "books"

-- mod
SELECT (("pages") % (?)) FROM "books"

-- round of decimals
SELECT bridge_decimal_round("price", ?) FROM "books"

-- now
SELECT strftime('%Y-%m-%d %H:%M:%f000+00:00', 'now') FROM "books"

-- random uuid
SELECT bridge_random_uuid() FROM "books"

-- current date
SELECT date('now') FROM "books"

-- string_agg
SELECT group_concat("title", ?) FROM "books"

-- bool_or
SELECT max("pages" > ?) FROM "books"

-- unknown function
SELECT shop.margin("price", ?) FROM "books"

-- filtered aggregate
SELECT count(*) FILTER (WHERE "pages" > ?) FROM "books"

-- count distinct
SELECT count(DISTINCT "price" COLLATE bridge_decimal) FROM "books"

-- window
SELECT row_number() OVER (PARTITION BY "author_id" ORDER BY "price" COLLATE bridge_decimal DESC, "title") FROM "books"

-- window without partition
SELECT rank() OVER (ORDER BY "price" COLLATE bridge_decimal) FROM "books"

-- json member
SELECT (SELECT CASE member.type WHEN 'text' THEN json_quote(member.value) WHEN 'true' THEN 'true' WHEN 'false' THEN 'false' WHEN 'null' THEN 'null' ELSE CAST(member.value AS TEXT) END FROM json_each("details") AS member WHERE member.key = ?) FROM "books"

-- json text of element
SELECT CASE json_type((SELECT CASE member.type WHEN 'text' THEN json_quote(member.value) WHEN 'true' THEN 'true' WHEN 'false' THEN 'false' WHEN 'null' THEN 'null' ELSE CAST(member.value AS TEXT) END FROM json_each((SELECT CASE member.type WHEN 'text' THEN json_quote(member.value) WHEN 'true' THEN 'true' WHEN 'false' THEN 'false' WHEN 'null' THEN 'null' ELSE CAST(member.value AS TEXT) END FROM json_each("details") AS member WHERE member.key = ?)) AS member WHERE member.key = ?)) WHEN 'true' THEN 'true' WHEN 'false' THEN 'false' ELSE CAST(json_extract((SELECT CASE member.type WHEN 'text' THEN json_quote(member.value) WHEN 'true' THEN 'true' WHEN 'false' THEN 'false' WHEN 'null' THEN 'null' ELSE CAST(member.value AS TEXT) END FROM json_each((SELECT CASE member.type WHEN 'text' THEN json_quote(member.value) WHEN 'true' THEN 'true' WHEN 'false' THEN 'false' WHEN 'null' THEN 'null' ELSE CAST(member.value AS TEXT) END FROM json_each("details") AS member WHERE member.key = ?)) AS member WHERE member.key = ?), '$') AS TEXT) END FROM "books"

-- case
SELECT CASE WHEN "price" COLLATE bridge_decimal > ? THEN ? ELSE ? END AS "band" FROM "books"

-- case without else
SELECT CASE WHEN "price" COLLATE bridge_decimal > ? THEN "price" WHEN NOT ("price" COLLATE bridge_decimal > ?) THEN ? END FROM "books"

-- int32 cast
SELECT CAST("pages" AS TEXT) FROM "books"

-- decimal cast
SELECT CAST("price" AS TEXT) FROM "books"

-- value cast
SELECT ? FROM "books"

-- int32 cast
SELECT "pages" FROM "books"

-- decimal cast
SELECT CAST(bridge_decimal_round("price", 0) AS INTEGER) FROM "books"

-- value cast
SELECT CAST(bridge_decimal_add(?, 0) AS INTEGER) FROM "books"

-- int32 cast
SELECT CAST("pages" AS REAL) FROM "books"

-- decimal cast
SELECT CAST("price" AS REAL) FROM "books"

-- value cast
SELECT CAST(bridge_decimal_add(?, 0) AS REAL) FROM "books"

-- int32 cast
SELECT bridge_decimal_add("pages", 0) FROM "books"

-- decimal cast
SELECT "price" FROM "books"

-- value cast
SELECT bridge_decimal_add(?, 0) FROM "books"

-- cast to bool
SELECT (("pages") <> 0) FROM "books"

-- timestamp_utc cast
SELECT substr("created_at", 1, 10) FROM "authors"

-- timestamp_utc cast
SELECT substr("created_at", 12, 15) FROM "authors"

-- timestamp_utc cast
SELECT substr("created_at", 1, 26) FROM "authors"

-- timestamp_utc cast
SELECT "created_at" FROM "authors"

-- timestamp_utc cast
-- refused, unsupported_feature: SQLite has no cast from timestamp_utc to uuid

-- date cast
SELECT (("published") || ' 00:00:00.000000') FROM "books"

-- raw fragment
SELECT (length("title") + ?) FROM "books"

-- exists
SELECT "id" FROM "authors" WHERE EXISTS (SELECT 1 FROM "books" WHERE "books"."author_id" = "authors"."id" AND "books"."pages" < ?)

-- not exists
SELECT "id" FROM "authors" WHERE NOT EXISTS (SELECT 1 FROM "books" WHERE "books"."author_id" = "authors"."id" AND "books"."pages" < ?)

-- in subquery
SELECT "id" FROM "authors" WHERE "id" IN (SELECT "books"."author_id" FROM "books")

-- not in subquery
SELECT "id" FROM "authors" WHERE "id" NOT IN (SELECT "books"."author_id" FROM "books")

-- scalar subquery
SELECT (SELECT max("books"."price" COLLATE bridge_decimal) FROM "books" WHERE "books"."author_id" = "authors"."id") AS "highest" FROM "authors"

-- subquery over the same source
SELECT "id" FROM "books" WHERE "price" COLLATE bridge_decimal > (SELECT bridge_decimal_avg("books_2"."price") FROM "books" AS "books_2") COLLATE bridge_decimal

-- correlated copy
SELECT "id" FROM "books" WHERE EXISTS (SELECT 1 FROM "books" AS "books_2" WHERE "books_2"."author_id" = "books"."author_id" AND "books_2"."id" <> "books"."id")

-- parameter of bool
SELECT "code" FROM "shelves" WHERE "a_bool" = ?

-- selected bool
SELECT ? FROM "shelves"

-- parameter of int16
SELECT "code" FROM "shelves" WHERE "a_int16" = ?

-- selected int16
SELECT ? FROM "shelves"

-- parameter of int32
SELECT "code" FROM "shelves" WHERE "a_int32" = ?

-- selected int32
SELECT ? FROM "shelves"

-- parameter of int64
SELECT "code" FROM "shelves" WHERE "a_int64" = ?

-- selected int64
SELECT ? FROM "shelves"

-- parameter of float64
SELECT "code" FROM "shelves" WHERE "a_float64" = ?

-- selected float64
SELECT ? FROM "shelves"

-- parameter of decimal
SELECT "code" FROM "shelves" WHERE "a_decimal" COLLATE bridge_decimal = ?

-- selected decimal
SELECT ? FROM "shelves"

-- parameter of text
SELECT "code" FROM "shelves" WHERE "a_text" = ?

-- selected text
SELECT ? FROM "shelves"

-- parameter of bytes
SELECT "code" FROM "shelves" WHERE "a_bytes" = ?

-- selected bytes
SELECT ? FROM "shelves"

-- parameter of date
SELECT "code" FROM "shelves" WHERE "a_date" = ?

-- selected date
SELECT ? FROM "shelves"

-- parameter of time
SELECT "code" FROM "shelves" WHERE "a_time" = ?

-- selected time
SELECT ? FROM "shelves"

-- parameter of timestamp
SELECT "code" FROM "shelves" WHERE "a_timestamp" = ?

-- selected timestamp
SELECT ? FROM "shelves"

-- parameter of timestamp_utc
SELECT "code" FROM "shelves" WHERE "a_timestamp_utc" = ?

-- selected timestamp_utc
SELECT ? FROM "shelves"

-- parameter of interval
SELECT "code" FROM "shelves" WHERE "a_interval" = ?

-- selected interval
SELECT ? FROM "shelves"

-- parameter of uuid
SELECT "code" FROM "shelves" WHERE "a_uuid" = ?

-- selected uuid
SELECT ? FROM "shelves"

-- parameter of json
SELECT "code" FROM "shelves" WHERE "a_json" = ?

-- selected json
SELECT ? FROM "shelves"

-- parameter of inet
SELECT "code" FROM "shelves" WHERE "a_inet" = ?

-- selected inet
SELECT ? FROM "shelves"

-- parameter of array
SELECT "code" FROM "shelves" WHERE "a_array" = ?

-- selected array
SELECT ? FROM "shelves"

