-- as of a revision
-- refused, unsupported_feature: CockroachDB has no revisions; say as_of a moment, or follower_read()

-- as of a moment
SELECT "name" FROM "authors" AS OF SYSTEM TIME '2024-02-29 12:00:00.000001+00:00'

-- as of what all replicas have
SELECT "name" FROM "authors" AS OF SYSTEM TIME follower_read_timestamp()

-- as of, with joins and subqueries
SELECT "authors"."name" FROM "authors" JOIN "authors" AS "authors_2" ON "authors"."id" = "authors_2"."id" AS OF SYSTEM TIME '2024-02-29 12:00:00.000001+00:00' WHERE "authors"."id" IN (SELECT "books_2"."author_id" FROM "books" AS "books_2")

-- as of in a subquery alone
-- refused, unsupported_feature: CockroachDB reads a whole statement in one point in time: say as_of of the outermost query, and put a union into a subquery of it

-- log
-- refused, unsupported_feature: CockroachDB has no version control: its rows have no history to read

-- differences
-- refused, unsupported_feature: CockroachDB has no version control: its rows have no history to read

-- branches
-- refused, unsupported_feature: CockroachDB has no version control: its rows have no history to read

-- conflicts
-- refused, unsupported_feature: CockroachDB has no version control: its rows have no history to read

-- keep a version
-- refused, unsupported_feature: CockroachDB has no version control: branches, commits and merges of its rows

-- merge
-- refused, unsupported_feature: CockroachDB has no version control: branches, commits and merges of its rows

-- delete a branch
-- refused, unsupported_feature: CockroachDB has no version control: branches, commits and merges of its rows

-- reset
-- refused, unsupported_feature: CockroachDB has no version control: branches, commits and merges of its rows

-- stage
-- refused, unsupported_feature: CockroachDB has no version control: branches, commits and merges of its rows

-- tag
-- refused, unsupported_feature: CockroachDB has no version control: branches, commits and merges of its rows

