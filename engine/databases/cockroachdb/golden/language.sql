-- subquery in from
SELECT "id", "author_id", "title", "price", "details", "pages", "published" FROM (SELECT "id", "author_id", "title", "price", "details", "pages", "published", row_number() OVER (PARTITION BY "author_id" ORDER BY "price" DESC) AS "place" FROM "books") AS "ranked" WHERE "place" = $1

-- subquery with names that clash
SELECT "id", "author_id", "title", "price", "details", "pages", "published", "id_2", "name", "email", "created_at", "genre" FROM (SELECT "books"."id", "books"."author_id", "books"."title", "books"."price", "books"."details", "books"."pages", "books"."published", "authors"."id" AS "id_2", "authors"."name", "authors"."email", "authors"."created_at", "authors"."genre" FROM "books" JOIN "authors" ON "books"."author_id" = "authors"."id") AS "pairs"

-- subquery in a join
SELECT "authors"."name", "cheap"."price" FROM "authors" LEFT JOIN (SELECT "author_id", "price" FROM "books" WHERE "price" < $1) AS "cheap" ON "cheap"."author_id" = "authors"."id" WHERE "authors"."id" = $2

-- subquery twice
SELECT "authors"."name", "cheap"."price" FROM "authors" LEFT JOIN (SELECT "author_id", "price" FROM "books" WHERE "price" < $1) AS "cheap" ON "cheap"."author_id" = "authors"."id" JOIN (SELECT "author_id", "price" FROM "books" WHERE "price" < $2) AS "cheap_2" ON "cheap_2"."author_id" = "authors"."id" WHERE "authors"."id" = $3

-- lateral
SELECT "authors"."name", "latest"."title" FROM "authors" CROSS JOIN LATERAL (SELECT "books"."title" FROM "books" WHERE "books"."author_id" = "authors"."id" ORDER BY "books"."published" DESC LIMIT $1) AS "latest"

-- common table used twice
WITH "cheap"("author_id", "price") AS (SELECT "author_id", "price" FROM "books" WHERE "price" < $1) SELECT "cheap"."price", "cheap_2"."price" FROM "cheap" JOIN "cheap" AS "cheap_2" ON "cheap"."price" < "cheap_2"."price"

-- common table over another
WITH "cheap"("author_id", "price") AS (SELECT "author_id", "price" FROM "books" WHERE "price" < $1), "writers"("author_id") AS MATERIALIZED (SELECT "author_id" FROM "cheap") SELECT "id", "name", "email", "created_at", "genre" FROM "authors" WHERE "id" IN (SELECT "writers"."author_id" FROM "writers")

-- recursive common table
WITH RECURSIVE "tree"("id", "parent_id", "label") AS (SELECT "id", "parent_id", "label" FROM "categories" WHERE "parent_id" IS NULL UNION ALL SELECT "categories"."id", "categories"."parent_id", "categories"."label" FROM "categories" JOIN "tree" ON "categories"."parent_id" = "tree"."id") SELECT "id", "parent_id", "label" FROM "tree"

-- recursive common table that grows
WITH RECURSIVE "chain"("id", "name") AS (SELECT CAST("id" AS bigint), CAST("name" AS text) FROM "authors" UNION ALL SELECT "id" + $1::bigint, "name" || $2::text FROM "chain" WHERE "id" < $3) SELECT "id", "name" FROM "chain"

-- recursive common table that limits each step
-- refused, unsupported_feature: CockroachDB has no groups, order, limits, windows and set operations in the recursive part of a common table; say them in the query around it

-- common table that writes
WITH "gone"("title") AS (DELETE FROM "books" WHERE "price" < $1 RETURNING "title") SELECT count(*) FROM "gone"

-- insert from a common table that writes
WITH "gone"("title") AS (DELETE FROM "books" WHERE "price" < $1 RETURNING "title") INSERT INTO "categories" ("label") SELECT "title" FROM "gone"

-- list of values
SELECT "books"."title", "wanted"."least" FROM "books" JOIN (VALUES ($1::bigint, $2::numeric), ($3::bigint, $4::numeric)) AS "wanted"("author", "least") ON "wanted"."author" = "books"."author_id" AND "books"."price" > "wanted"."least"

-- running total
SELECT sum("price") OVER (PARTITION BY "author_id" ORDER BY "published" ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) FROM "books"

-- running total of integers
SELECT CAST(sum("author_id") OVER (ORDER BY "author_id") AS bigint) FROM "books"

-- moving average
SELECT avg("pages") OVER (ORDER BY "pages" ROWS BETWEEN $1::bigint PRECEDING AND $2::bigint FOLLOWING) FROM "books"

-- groups without ties
SELECT count(*) OVER (ORDER BY "pages" GROUPS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING EXCLUDE TIES) FROM "books"

-- range
SELECT max("pages") OVER (ORDER BY "pages" RANGE BETWEEN $1::bigint PRECEDING AND CURRENT ROW) FROM "books"

-- range over decimals
SELECT sum("price") OVER (ORDER BY "price" RANGE BETWEEN $1::numeric PRECEDING AND CURRENT ROW) FROM "books"

-- lag
SELECT lag("price", $1) OVER (ORDER BY "price") FROM "books"

-- window over aggregates
SELECT CAST(sum(count(*)) OVER () AS bigint) FROM "books"

-- named window
SELECT rank() OVER "by_author", CAST(sum("pages") OVER "by_author" AS bigint) FROM "books" WINDOW "by_author" AS (PARTITION BY "author_id" ORDER BY "price")

-- filtered window
SELECT count(*) FILTER (WHERE "pages" > $1::bigint) OVER (PARTITION BY "author_id") FROM "books"

-- set operation
SELECT "title", "price" FROM "books" WHERE "author_id" = $1 UNION SELECT "title", "price" FROM "books" WHERE "author_id" = $2

-- set operation
SELECT "title", "price" FROM "books" WHERE "author_id" = $1 UNION ALL SELECT "title", "price" FROM "books" WHERE "author_id" = $2

-- set operation
SELECT "title", "price" FROM "books" WHERE "author_id" = $1 INTERSECT SELECT "title", "price" FROM "books" WHERE "author_id" = $2

-- set operation
SELECT "title", "price" FROM "books" WHERE "author_id" = $1 INTERSECT ALL SELECT "title", "price" FROM "books" WHERE "author_id" = $2

-- set operation
SELECT "title", "price" FROM "books" WHERE "author_id" = $1 EXCEPT SELECT "title", "price" FROM "books" WHERE "author_id" = $2

-- set operation
SELECT "title", "price" FROM "books" WHERE "author_id" = $1 EXCEPT ALL SELECT "title", "price" FROM "books" WHERE "author_id" = $2

-- set operation ordered and limited
SELECT "title", "price" FROM "books" WHERE "author_id" = $1 UNION ALL SELECT "title", "price" FROM "books" WHERE "author_id" = $2 ORDER BY 2 DESC, 1 LIMIT $3

-- set operation of limited queries
(SELECT "title", "price" FROM "books" WHERE "author_id" = $1 ORDER BY "price" LIMIT $2) UNION ALL SELECT "title", "price" FROM "books" WHERE "author_id" = $3

-- insert of a set operation ignoring conflicts
INSERT INTO "authors" ("name") SELECT "label" FROM "categories" UNION SELECT "label" FROM "categories" ON CONFLICT DO NOTHING

-- nested set operation
(SELECT "title", "price" FROM "books" WHERE "author_id" = $1 UNION SELECT "title", "price" FROM "books" WHERE "author_id" = $2) EXCEPT SELECT "title", "price" FROM "books" WHERE "author_id" = $3

-- set operation as a subquery
SELECT sum("price") FROM (SELECT "title", "price" FROM "books" WHERE "author_id" = $1 UNION SELECT "title", "price" FROM "books" WHERE "author_id" = $2) AS "rows"

-- set operation ordered by something else
-- refused, query: a set operation can only be ordered by what its first query selects, not by books.pages

-- rollup
-- refused, unsupported_feature: CockroachDB has no grouping sets, rollup and cube; combine grouped queries with union_all

-- cube
-- refused, unsupported_feature: CockroachDB has no grouping sets, rollup and cube; combine grouped queries with union_all

-- grouping sets
-- refused, unsupported_feature: CockroachDB has no grouping sets, rollup and cube; combine grouped queries with union_all

-- grouped by an expression that holds a value
SELECT "price" * $1::numeric, count(*) FROM "books" GROUP BY 1 ORDER BY 1 DESC

-- ordered aggregate
SELECT string_agg("title", $1::text ORDER BY "price" DESC) FROM "books"

-- percentile
SELECT percentile_cont($1::double precision) WITHIN GROUP (ORDER BY "pages") FROM "books"

-- full join
SELECT "books"."title", "authors"."name" FROM "books" FULL JOIN "authors" ON "books"."author_id" = "authors"."id"

-- right join
SELECT "books"."title", "authors"."name" FROM "books" RIGHT JOIN "authors" ON "books"."author_id" = "authors"."id"

-- cross join
SELECT "books"."title", "authors"."name" FROM "books" CROSS JOIN "authors"

-- json set
SELECT jsonb_set("details", ARRAY[CAST($1::text AS text), CAST($2::bigint AS text)], $3::jsonb) FROM "books"

-- json remove
SELECT ("details" #- ARRAY[CAST($1::text AS text), CAST($2::text AS text)]) FROM "books"

-- json contains
SELECT ("details" @> $1::jsonb) FROM "books"

-- json array of titles
SELECT jsonb_agg("title") FROM "books"

-- json object of pages
SELECT jsonb_object_agg("title", "pages") FROM "books"

-- array contains
SELECT ("title" = ANY($1::text[])) FROM "books"

-- array contains all
SELECT ($1::text[] @> $2::text[]) FROM "books"

-- arrays overlap
SELECT ($1::text[] && $2::text[]) FROM "books"

-- array length
SELECT cardinality($1::text[]) FROM "books"

-- array element
SELECT ($1::text[])[CAST($2::bigint AS integer) + 1] FROM "books"

-- array of titles
SELECT array_agg("title") FROM "books"

-- regular expression
SELECT ("title" ~ $1::text) FROM "books"

-- text search
-- refused, unsupported_feature: CockroachDB has no text search by the words of a search box; use ilike, or raw SQL with to_tsquery

-- text search by an index
-- refused, unsupported_feature: CockroachDB has no text search by the words of a search box; use ilike, or raw SQL with to_tsquery

-- text search in another language
-- refused, unsupported_feature: CockroachDB has no text search by the words of a search box; use ilike, or raw SQL with to_tsquery

-- text rank
-- refused, unsupported_feature: CockroachDB has no text search by the words of a search box; use ilike, or raw SQL with to_tsquery

-- text highlight
-- refused, unsupported_feature: CockroachDB has no text search by the words of a search box; use ilike, or raw SQL with to_tsquery

-- text snippet
-- refused, unsupported_feature: CockroachDB has no text search by the words of a search box; use ilike, or raw SQL with to_tsquery

-- update from
UPDATE "books" SET "title" = "authors"."name" FROM "authors" WHERE "authors"."id" = "books"."author_id" AND "authors"."id" = $1 RETURNING "books"."id"

-- update from lists
UPDATE "authors" SET "name" = "changes"."name" FROM unnest($1::bigint[], $2::text[]) AS "changes"("id", "name") WHERE "authors"."id" = "changes"."id" RETURNING "authors"."id"

-- delete using
DELETE FROM "books" USING "authors" WHERE "authors"."id" = "books"."author_id" AND "authors"."id" = $1

