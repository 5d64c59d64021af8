-- subquery in from
SELECT "id", "author_id", "title", "price", "details", "pages", "published" FROM (SELECT "id", "author_id", "title", "price", "details", "pages", "published", row_number() OVER (PARTITION BY "author_id" ORDER BY "price" COLLATE bridge_decimal DESC) AS "place" FROM "books") AS "ranked" WHERE "place" = ?

-- subquery with names that clash
SELECT "id", "author_id", "title", "price", "details", "pages", "published", "id_2", "name", "email", "created_at", "genre" FROM (SELECT "books"."id", "books"."author_id", "books"."title", "books"."price", "books"."details", "books"."pages", "books"."published", "authors"."id" AS "id_2", "authors"."name", "authors"."email", "authors"."created_at", "authors"."genre" FROM "books" JOIN "authors" ON "books"."author_id" = "authors"."id") AS "pairs"

-- subquery in a join
SELECT "authors"."name", "cheap"."price" FROM "authors" LEFT JOIN (SELECT "author_id", "price" FROM "books" WHERE "price" COLLATE bridge_decimal < ?) AS "cheap" ON "cheap"."author_id" = "authors"."id" WHERE "authors"."id" = ?

-- subquery twice
SELECT "authors"."name", "cheap"."price" FROM "authors" LEFT JOIN (SELECT "author_id", "price" FROM "books" WHERE "price" COLLATE bridge_decimal < ?) AS "cheap" ON "cheap"."author_id" = "authors"."id" JOIN (SELECT "author_id", "price" FROM "books" WHERE "price" COLLATE bridge_decimal < ?) AS "cheap_2" ON "cheap_2"."author_id" = "authors"."id" WHERE "authors"."id" = ?

-- lateral
-- refused, unsupported_feature: SQLite has no lateral subqueries; use a scalar subquery for each column, or a window function in a subquery that is joined

-- common table used twice
WITH "cheap"("author_id", "price") AS (SELECT "author_id", "price" FROM "books" WHERE "price" COLLATE bridge_decimal < ?) SELECT "cheap"."price", "cheap_2"."price" FROM "cheap" JOIN "cheap" AS "cheap_2" ON "cheap"."price" COLLATE bridge_decimal < "cheap_2"."price" COLLATE bridge_decimal

-- common table over another
WITH "cheap"("author_id", "price") AS (SELECT "author_id", "price" FROM "books" WHERE "price" COLLATE bridge_decimal < ?), "writers"("author_id") AS MATERIALIZED (SELECT "author_id" FROM "cheap") SELECT "id", "name", "email", "created_at", "genre" FROM "authors" WHERE "id" IN (SELECT "writers"."author_id" FROM "writers")

-- recursive common table
WITH RECURSIVE "tree"("id", "parent_id", "label") AS (SELECT "id", "parent_id", "label" FROM "categories" WHERE "parent_id" IS NULL UNION ALL SELECT "categories"."id", "categories"."parent_id", "categories"."label" FROM "categories" JOIN "tree" ON "categories"."parent_id" = "tree"."id") SELECT "id", "parent_id", "label" FROM "tree"

-- recursive common table that grows
WITH RECURSIVE "chain"("id", "name") AS (SELECT "id", "name" FROM "authors" UNION ALL SELECT "id" + ?, "name" || ? FROM "chain" WHERE "id" < ?) SELECT "id", "name" FROM "chain"

-- recursive common table that limits each step
-- refused, unsupported_feature: SQLite has no groups, order, limits, windows and set operations in the recursive part of a common table; say them in the query around it

-- common table that writes
-- refused, unsupported_feature: SQLite has no common tables that write; run the write with returning(), then the query

-- insert from a common table that writes
-- refused, unsupported_feature: SQLite has no common tables that write; run the write with returning(), then the query

-- list of values
SELECT "books"."title", "wanted"."least" FROM "books" JOIN (SELECT column1 AS "author", column2 AS "least" FROM (VALUES (?, ?), (?, ?))) AS "wanted" ON "wanted"."author" = "books"."author_id" AND "books"."price" COLLATE bridge_decimal > "wanted"."least" COLLATE bridge_decimal

-- running total
SELECT bridge_decimal_sum("price") OVER (PARTITION BY "author_id" ORDER BY "published" ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) FROM "books"

-- running total of integers
SELECT sum("author_id") OVER (ORDER BY "author_id") FROM "books"

-- moving average
SELECT bridge_decimal_avg("pages") OVER (ORDER BY "pages" ROWS BETWEEN ? PRECEDING AND ? FOLLOWING) FROM "books"

-- groups without ties
SELECT count(*) OVER (ORDER BY "pages" GROUPS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING EXCLUDE TIES) FROM "books"

-- range
SELECT max("pages") OVER (ORDER BY "pages" RANGE BETWEEN ? PRECEDING AND CURRENT ROW) FROM "books"

-- range over decimals
-- refused, unsupported_feature: SQLite has no range by distance over decimal; use rows or groups, or order by a whole number

-- lag
SELECT lag("price", ?) OVER (ORDER BY "price" COLLATE bridge_decimal) FROM "books"

-- window over aggregates
SELECT sum(count(*)) OVER () FROM "books"

-- named window
SELECT rank() OVER "by_author", sum("pages") OVER "by_author" FROM "books" WINDOW "by_author" AS (PARTITION BY "author_id" ORDER BY "price" COLLATE bridge_decimal)

-- filtered window
SELECT count(*) FILTER (WHERE "pages" > ?) OVER (PARTITION BY "author_id") FROM "books"

-- set operation
SELECT "title", "price" COLLATE bridge_decimal FROM "books" WHERE "author_id" = ? UNION SELECT "title", "price" COLLATE bridge_decimal FROM "books" WHERE "author_id" = ?

-- set operation
SELECT "title", "price" FROM "books" WHERE "author_id" = ? UNION ALL SELECT "title", "price" FROM "books" WHERE "author_id" = ?

-- set operation
SELECT "title", "price" COLLATE bridge_decimal FROM "books" WHERE "author_id" = ? INTERSECT SELECT "title", "price" COLLATE bridge_decimal FROM "books" WHERE "author_id" = ?

-- set operation
-- refused, unsupported_feature: SQLite has no INTERSECT ALL and EXCEPT ALL; use intersect or except_, or number the rows with row_number first

-- set operation
SELECT "title", "price" COLLATE bridge_decimal FROM "books" WHERE "author_id" = ? EXCEPT SELECT "title", "price" COLLATE bridge_decimal FROM "books" WHERE "author_id" = ?

-- set operation
-- refused, unsupported_feature: SQLite has no INTERSECT ALL and EXCEPT ALL; use intersect or except_, or number the rows with row_number first

-- set operation ordered and limited
SELECT "title", "price" FROM "books" WHERE "author_id" = ? UNION ALL SELECT "title", "price" FROM "books" WHERE "author_id" = ? ORDER BY 2 COLLATE bridge_decimal DESC, 1 LIMIT ?

-- set operation of limited queries
SELECT * FROM (SELECT "title", "price" FROM "books" WHERE "author_id" = ? ORDER BY "price" COLLATE bridge_decimal LIMIT ?) UNION ALL SELECT "title", "price" FROM "books" WHERE "author_id" = ?

-- insert of a set operation ignoring conflicts
INSERT INTO "authors" ("name") SELECT "label" FROM "categories" WHERE 1 = 1 UNION SELECT "label" FROM "categories" WHERE 1 = 1 ON CONFLICT DO NOTHING

-- nested set operation
SELECT * FROM (SELECT "title", "price" COLLATE bridge_decimal FROM "books" WHERE "author_id" = ? UNION SELECT "title", "price" COLLATE bridge_decimal FROM "books" WHERE "author_id" = ?) EXCEPT SELECT "title", "price" COLLATE bridge_decimal FROM "books" WHERE "author_id" = ?

-- set operation as a subquery
SELECT bridge_decimal_sum("price") FROM (SELECT "title", "price" COLLATE bridge_decimal FROM "books" WHERE "author_id" = ? UNION SELECT "title", "price" COLLATE bridge_decimal FROM "books" WHERE "author_id" = ?) AS "rows"

-- set operation ordered by something else
-- refused, query: a set operation can only be ordered by what its first query selects, not by books.pages

-- rollup
-- refused, unsupported_feature: SQLite has no grouping sets, rollup and cube; combine grouped queries with union_all

-- cube
-- refused, unsupported_feature: SQLite has no grouping sets, rollup and cube; combine grouped queries with union_all

-- grouping sets
-- refused, unsupported_feature: SQLite has no grouping sets, rollup and cube; combine grouped queries with union_all

-- grouped by an expression that holds a value
SELECT bridge_decimal_multiply("price", ?), count(*) FROM "books" GROUP BY 1 COLLATE bridge_decimal ORDER BY 1 COLLATE bridge_decimal DESC

-- ordered aggregate
-- refused, unsupported_feature: SQLite has no order inside aggregates; aggregate the rows of an ordered subquery

-- percentile
-- refused, unsupported_feature: SQLite has no WITHIN GROUP; number the rows with row_number and pick one of them

-- full join
SELECT "books"."title", "authors"."name" FROM "books" FULL JOIN "authors" ON "books"."author_id" = "authors"."id"

-- right join
SELECT "books"."title", "authors"."name" FROM "books" RIGHT JOIN "authors" ON "books"."author_id" = "authors"."id"

-- cross join
SELECT "books"."title", "authors"."name" FROM "books" CROSS JOIN "authors"

-- json set
SELECT json_set("details", '$' || '."' || ? || '"' || '[' || ? || ']', json(?)) FROM "books"

-- json remove
SELECT json_remove("details", '$' || '."' || ? || '"' || '."' || ? || '"') FROM "books"

-- json contains
-- refused, unsupported_feature: SQLite has no containment in JSON; compare members by their path

-- json array of titles
SELECT json_group_array("title") FROM "books"

-- json object of pages
SELECT json_group_object("title", "pages") FROM "books"

-- array contains
SELECT CASE WHEN ? IS NULL THEN NULL ELSE EXISTS (SELECT 1 FROM json_each(?) AS member WHERE member.value = "title") END FROM "books"

-- array contains all
SELECT CASE WHEN ? IS NULL THEN NULL ELSE NOT EXISTS (SELECT 1 FROM json_each(?) AS wanted WHERE NOT EXISTS (SELECT 1 FROM json_each(?) AS member WHERE member.value = wanted.value)) END FROM "books"

-- arrays overlap
SELECT CASE WHEN ? IS NULL THEN NULL ELSE EXISTS (SELECT 1 FROM json_each(?) AS one JOIN json_each(?) AS other ON one.value = other.value) END FROM "books"

-- array length
SELECT json_array_length(?) FROM "books"

-- array element
SELECT json_extract(?, '$[' || ? || ']') FROM "books"

-- array of titles
SELECT json_group_array("title") FROM "books"

-- regular expression
-- refused, unsupported_feature: SQLite has no regular expressions; use like, ilike, startswith or contains

-- text search
-- refused, unsupported_feature: SQLite has no text search in columns without an index: declare constraints = [text_index(title, language="english")] in their model

-- text search by an index
SELECT ("notes"."id" IS NOT NULL AND "notes"."id" IN (SELECT rowid FROM "notes_title_body_words" WHERE "notes_title_body_words" MATCH bridge_text_wanted(?) UNION ALL SELECT "id" FROM "notes" WHERE bridge_text_unwanted(?) IS NOT NULL AND "id" NOT IN (SELECT rowid FROM "notes_title_body_words" WHERE "notes_title_body_words" MATCH bridge_text_unwanted(?)))) FROM "notes"

-- text search in another language
-- refused, unsupported_feature: SQLite has no text search in columns without an index: declare constraints = [text_index(title, body, language="french")] in their model

-- text rank
SELECT COALESCE((WITH bridge_found AS MATERIALIZED (SELECT rowid AS document, -bm25("notes_title_body_words") AS fitness FROM "notes_title_body_words" WHERE "notes_title_body_words" MATCH bridge_text_wanted(?)) SELECT bridge_found.fitness FROM bridge_found WHERE bridge_found.document = "notes"."id"), 0.0) FROM "notes"

-- text highlight
SELECT COALESCE((SELECT highlight("notes_title_body_words", 1, ?, ?) FROM "notes_title_body_words" WHERE "notes_title_body_words" MATCH bridge_text_wanted(?) AND rowid = "notes"."id" AND "notes"."body" IS NOT NULL), "body") FROM "notes"

-- text snippet
SELECT COALESCE((SELECT snippet("notes_title_body_words", 0, ?, ?, '', ?) FROM "notes_title_body_words" WHERE "notes_title_body_words" MATCH bridge_text_wanted(?) AND rowid = "notes"."id" AND "notes"."title" IS NOT NULL), "title") FROM "notes"

-- update from
UPDATE "books" SET "title" = "authors"."name" FROM "authors" WHERE "authors"."id" = "books"."author_id" AND "authors"."id" = ? RETURNING "books"."id"

-- update from lists
UPDATE "authors" SET "name" = "changes"."name" FROM (SELECT column1 AS "id", column2 AS "name" FROM (VALUES (?, ?), (?, ?), (?, ?), (?, ?))) AS "changes" WHERE "authors"."id" = "changes"."id" RETURNING "authors"."id"

-- delete using
DELETE FROM "books" WHERE EXISTS (SELECT 1 FROM "authors" WHERE "authors"."id" = "books"."author_id" AND "authors"."id" = ?)

