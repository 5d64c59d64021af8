-- entity
SELECT "id", "name", "email", "created_at", "genre" FROM "authors"

-- page
SELECT "title" FROM "books" WHERE "price" > $1 AND ("title" LIKE $2::text ESCAPE '\' OR "published" IS NULL) ORDER BY "price" DESC, "title", "published" NULLS LAST, "pages" DESC NULLS FIRST LIMIT $3 OFFSET $4

-- offset alone
SELECT "title" FROM "books" WHERE "price" > $1 AND ("title" LIKE $2::text ESCAPE '\' OR "published" IS NULL) ORDER BY "price" DESC, "title", "published" NULLS LAST, "pages" DESC NULLS FIRST OFFSET $3

-- distinct
SELECT DISTINCT "price", lower("title") AS "low" FROM "books" ORDER BY "price" DESC

-- distinct on
SELECT DISTINCT ON ("author_id") "id", "author_id", "title", "price", "details", "pages", "published" FROM "books" ORDER BY "author_id", "price"

-- two sources
SELECT "authors"."id", "authors"."name", "authors"."email", "authors"."created_at", "authors"."genre", "books"."id", "books"."author_id", "books"."title", "books"."price", "books"."details", "books"."pages", "books"."published" FROM "authors" CROSS JOIN "books" WHERE "authors"."id" = "books"."author_id"

-- join
SELECT "books"."id", "books"."author_id", "books"."title", "books"."price", "books"."details", "books"."pages", "books"."published", "authors"."id", "authors"."name", "authors"."email", "authors"."created_at", "authors"."genre" FROM "books" JOIN "authors" ON "books"."author_id" = "authors"."id"

-- left join
SELECT "books"."id", "books"."author_id", "books"."title", "books"."price", "books"."details", "books"."pages", "books"."published", "authors"."id", "authors"."name", "authors"."email", "authors"."created_at", "authors"."genre" FROM "books" LEFT JOIN "authors" ON "books"."author_id" = "authors"."id"

-- self join
SELECT "categories"."label", "categories_2"."label", "categories_3"."label" FROM "categories" JOIN "categories" AS "categories_2" ON "categories"."parent_id" = "categories_2"."id" LEFT JOIN "categories" AS "categories_3" ON "categories_2"."parent_id" = "categories_3"."id"

-- grouped
SELECT "authors"."name", count(*) AS "books", avg("books"."price"), avg("books"."pages") FROM "authors" LEFT JOIN "books" ON "authors"."id" = "books"."author_id" GROUP BY "authors"."name" HAVING count(*) > $1::bigint ORDER BY "books" DESC

-- grouped by key
SELECT "id", "name", "email", "created_at", "genre", count(*) FROM "authors" GROUP BY "id"

-- grouped by decimal
SELECT "price", count(*) FROM "books" GROUP BY "price"

-- for update of skip locked
SELECT "id", "author_id", "title", "price", "details", "pages", "published" FROM "books" FOR UPDATE OF "books" SKIP LOCKED

-- for share nowait
SELECT "id", "author_id", "title", "price", "details", "pages", "published" FROM "books" FOR SHARE NOWAIT

-- integers compared
SELECT "id" FROM "books" WHERE "pages" = $1::bigint

-- decimals compared
SELECT "id" FROM "books" WHERE "price" = $1

-- integers compared
SELECT "id" FROM "books" WHERE "pages" <> $1::bigint

-- decimals compared
SELECT "id" FROM "books" WHERE "price" <> $1

-- integers compared
SELECT "id" FROM "books" WHERE "pages" < $1::bigint

-- decimals compared
SELECT "id" FROM "books" WHERE "price" < $1

-- integers compared
SELECT "id" FROM "books" WHERE "pages" <= $1::bigint

-- decimals compared
SELECT "id" FROM "books" WHERE "price" <= $1

-- integers compared
SELECT "id" FROM "books" WHERE "pages" > $1::bigint

-- decimals compared
SELECT "id" FROM "books" WHERE "price" > $1

-- integers compared
SELECT "id" FROM "books" WHERE "pages" >= $1::bigint

-- decimals compared
SELECT "id" FROM "books" WHERE "price" >= $1

-- integers compared
SELECT "id" FROM "books" WHERE "pages" IS DISTINCT FROM $1::bigint

-- decimals compared
SELECT "id" FROM "books" WHERE "price" IS DISTINCT FROM $1

-- integers compared
SELECT "id" FROM "books" WHERE "pages" IS NOT DISTINCT FROM $1::bigint

-- decimals compared
SELECT "id" FROM "books" WHERE "price" IS NOT DISTINCT FROM $1

-- decimal compared with integer
SELECT "id" FROM "books" WHERE "pages" < "price"

-- integers
SELECT "pages" + $1::bigint FROM "books"

-- decimals
SELECT "price" + ("price" + "pages") FROM "books"

-- integers
SELECT "pages" - $1::bigint FROM "books"

-- decimals
SELECT "price" - ("price" - "pages") FROM "books"

-- integers
SELECT "pages" * $1::bigint FROM "books"

-- decimals
SELECT "price" * ("price" * "pages") FROM "books"

-- integers
SELECT "pages" / $1::bigint FROM "books"

-- decimals
SELECT "price" / ("price" / "pages") FROM "books"

-- integers
SELECT "pages" % $1::bigint FROM "books"

-- decimals
SELECT "price" % ("price" % "pages") FROM "books"

-- pattern
SELECT "id" FROM "books" WHERE "title" LIKE $1::text ESCAPE '\'

-- pattern
SELECT "id" FROM "books" WHERE "title" NOT LIKE $1::text ESCAPE '\'

-- pattern
SELECT "id" FROM "books" WHERE "title" ILIKE $1::text ESCAPE '\'

-- pattern
SELECT "id" FROM "books" WHERE "title" NOT ILIKE $1::text ESCAPE '\'

-- concatenation
SELECT "title" || $1::text FROM "books"

-- nested logic
SELECT "id" FROM "books" WHERE NOT ("pages" > $1::bigint OR ("pages" > $2::bigint AND "pages" > $3::bigint)) AND "pages" > $4::bigint

-- chain of or
SELECT "id" FROM "books" WHERE "pages" > $1::bigint OR "pages" > $2::bigint OR "pages" > $3::bigint

-- negated integer
SELECT -("pages" + $1::bigint) FROM "books"

-- negated decimal
SELECT -"price" FROM "books"

-- null tests
SELECT "id" FROM "books" WHERE "details" IS NULL AND "published" IS NOT NULL

-- in empty list
SELECT "id" FROM "books" WHERE 1 = 0

-- not in empty list
SELECT "id" FROM "books" WHERE 1 = 1

-- in three
SELECT "id" FROM "books" WHERE "author_id" = ANY($1)

-- not in one
SELECT "id" FROM "books" WHERE "author_id" <> ALL($1)

-- decimal in list
SELECT "id" FROM "books" WHERE "price" = ANY($1)

-- expression in list
SELECT "id" FROM "books" WHERE lower("title") = ANY($1::text[])

-- between
SELECT "id" FROM "books" WHERE "price" BETWEEN $1 AND $2

-- not between
SELECT "id" FROM "books" WHERE "pages" NOT BETWEEN $1::bigint AND $2::bigint

-- row values
SELECT "id" FROM "books" WHERE ("price", "author_id") > ($1::numeric, $2::bigint)

-- abs
SELECT abs("pages") FROM "books"

-- abs of decimals
SELECT abs("price") FROM "books"

-- avg
SELECT avg("pages") FROM "books"

-- avg of decimals
SELECT avg("price") FROM "books"

-- max
SELECT max("pages") FROM "books"

-- max of decimals
SELECT max("price") FROM "books"

-- min
SELECT min("pages") FROM "books"

-- min of decimals
SELECT min("price") FROM "books"

-- sum
SELECT CAST(sum("pages") AS bigint) FROM "books"

-- sum of decimals
SELECT sum("price") FROM "books"

-- sum of int64
SELECT CAST(sum("author_id") AS bigint) FROM "books"

-- sum of a column times a value
SELECT CAST(sum("pages" * $1::bigint) AS bigint) FROM "books"

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
SELECT replace("title", $1::text, $2::text) FROM "books"

-- substring
SELECT substring("title", $1, $2) FROM "books"

-- coalesce
SELECT coalesce("email", $1::text) FROM "authors"

-- nullif
SELECT nullif("price", $1::numeric) FROM "books"

-- greatest
SELECT greatest("pages", $1::bigint) FROM "books"

-- least of decimals
SELECT least("price", $1::numeric) FROM "books"

-- mod
SELECT mod("pages", $1::bigint) FROM "books"

-- round of decimals
SELECT round("price", $1) FROM "books"

-- now
SELECT now() FROM "books"

-- random uuid
SELECT gen_random_uuid() FROM "books"

-- current date
SELECT CURRENT_DATE FROM "books"

-- string_agg
SELECT string_agg("title", $1::text) FROM "books"

-- bool_or
SELECT bool_or("pages" > $1::bigint) FROM "books"

-- unknown function
SELECT shop.margin("price", $1) FROM "books"

-- filtered aggregate
SELECT count(*) FILTER (WHERE "pages" > $1::bigint) FROM "books"

-- count distinct
SELECT count(DISTINCT "price") FROM "books"

-- window
SELECT row_number() OVER (PARTITION BY "author_id" ORDER BY "price" DESC, "title") FROM "books"

-- window without partition
SELECT rank() OVER (ORDER BY "price") FROM "books"

-- json member
SELECT ("details" -> $1::text) FROM "books"

-- json text of element
SELECT ((CASE WHEN jsonb_typeof(("details" -> $1::text)) = 'array' THEN ("details" -> $2::text) -> CAST($3::bigint AS integer) END) #>> '{}') FROM "books"

-- case
SELECT CASE WHEN "price" > $1 THEN $2::text ELSE $3::text END AS "band" FROM "books"

-- case without else
SELECT CASE WHEN "price" > $1 THEN "price" WHEN NOT ("price" > $2) THEN $3::numeric END FROM "books"

-- int32 cast
SELECT CAST("pages" AS text) FROM "books"

-- decimal cast
SELECT CAST("price" AS text) FROM "books"

-- value cast
SELECT CAST($1::text AS text) FROM "books"

-- int32 cast
SELECT CAST("pages" AS bigint) FROM "books"

-- decimal cast
SELECT CAST("price" AS bigint) FROM "books"

-- value cast
SELECT CAST($1::text AS bigint) FROM "books"

-- int32 cast
SELECT CAST("pages" AS double precision) FROM "books"

-- decimal cast
SELECT CAST("price" AS double precision) FROM "books"

-- value cast
SELECT CAST($1::text AS double precision) FROM "books"

-- int32 cast
SELECT CAST("pages" AS numeric) FROM "books"

-- decimal cast
SELECT CAST("price" AS numeric) FROM "books"

-- value cast
SELECT CAST($1::text AS numeric) FROM "books"

-- cast to bool
SELECT CAST("pages" AS boolean) FROM "books"

-- timestamp_utc cast
SELECT CAST(("created_at" AT TIME ZONE 'UTC') AS date) FROM "authors"

-- timestamp_utc cast
SELECT CAST(("created_at" AT TIME ZONE 'UTC') AS time) FROM "authors"

-- timestamp_utc cast
SELECT CAST(("created_at" AT TIME ZONE 'UTC') AS timestamp) FROM "authors"

-- timestamp_utc cast
SELECT CAST("created_at" AS timestamptz) FROM "authors"

-- timestamp_utc cast
SELECT CAST("created_at" AS uuid) FROM "authors"

-- date cast
SELECT CAST("published" AS timestamp) FROM "books"

-- raw fragment
SELECT (length("title") + $1::bigint) FROM "books"

-- exists
SELECT "id" FROM "authors" WHERE EXISTS (SELECT 1 FROM "books" WHERE "books"."author_id" = "authors"."id" AND "books"."pages" < $1::bigint)

-- not exists
SELECT "id" FROM "authors" WHERE NOT EXISTS (SELECT 1 FROM "books" WHERE "books"."author_id" = "authors"."id" AND "books"."pages" < $1::bigint)

-- in subquery
SELECT "id" FROM "authors" WHERE "id" IN (SELECT "books"."author_id" FROM "books")

-- not in subquery
SELECT "id" FROM "authors" WHERE "id" NOT IN (SELECT "books"."author_id" FROM "books")

-- scalar subquery
SELECT (SELECT max("books"."price") FROM "books" WHERE "books"."author_id" = "authors"."id") AS "highest" FROM "authors"

-- subquery over the same source
SELECT "id" FROM "books" WHERE "price" > (SELECT avg("books_2"."price") FROM "books" AS "books_2")

-- correlated copy
SELECT "id" FROM "books" WHERE EXISTS (SELECT 1 FROM "books" AS "books_2" WHERE "books_2"."author_id" = "books"."author_id" AND "books_2"."id" <> "books"."id")

-- parameter of bool
SELECT "code" FROM "shelves" WHERE "a_bool" = $1

-- selected bool
SELECT $1::boolean FROM "shelves"

-- parameter of int16
SELECT "code" FROM "shelves" WHERE "a_int16" = $1

-- selected int16
SELECT $1::smallint FROM "shelves"

-- parameter of int32
SELECT "code" FROM "shelves" WHERE "a_int32" = $1

-- selected int32
SELECT $1::int4 FROM "shelves"

-- parameter of int64
SELECT "code" FROM "shelves" WHERE "a_int64" = $1

-- selected int64
SELECT $1::bigint FROM "shelves"

-- parameter of float64
SELECT "code" FROM "shelves" WHERE "a_float64" = $1

-- selected float64
SELECT $1::double precision FROM "shelves"

-- parameter of decimal
SELECT "code" FROM "shelves" WHERE "a_decimal" = $1

-- selected decimal
SELECT $1::numeric FROM "shelves"

-- parameter of text
SELECT "code" FROM "shelves" WHERE "a_text" = $1

-- selected text
SELECT $1::text FROM "shelves"

-- parameter of bytes
SELECT "code" FROM "shelves" WHERE "a_bytes" = $1

-- selected bytes
SELECT $1::bytea FROM "shelves"

-- parameter of date
SELECT "code" FROM "shelves" WHERE "a_date" = $1

-- selected date
SELECT $1::date FROM "shelves"

-- parameter of time
SELECT "code" FROM "shelves" WHERE "a_time" = $1

-- selected time
SELECT $1::time FROM "shelves"

-- parameter of timestamp
SELECT "code" FROM "shelves" WHERE "a_timestamp" = $1

-- selected timestamp
SELECT $1::timestamp FROM "shelves"

-- parameter of timestamp_utc
SELECT "code" FROM "shelves" WHERE "a_timestamp_utc" = $1

-- selected timestamp_utc
SELECT $1::timestamptz FROM "shelves"

-- parameter of interval
SELECT "code" FROM "shelves" WHERE "a_interval" = $1

-- selected interval
SELECT $1::interval FROM "shelves"

-- parameter of uuid
SELECT "code" FROM "shelves" WHERE "a_uuid" = $1

-- selected uuid
SELECT $1::uuid FROM "shelves"

-- parameter of json
SELECT "code" FROM "shelves" WHERE "a_json" = $1

-- selected json
SELECT $1::jsonb FROM "shelves"

-- parameter of inet
SELECT "code" FROM "shelves" WHERE "a_inet" = $1

-- selected inet
SELECT $1::inet FROM "shelves"

-- parameter of array
SELECT "code" FROM "shelves" WHERE "a_array" = $1

-- selected array
SELECT $1::text[] FROM "shelves"

