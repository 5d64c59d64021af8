-- create authors
CREATE TABLE IF NOT EXISTS "authors" (
  "id" bigint DEFAULT unique_rowid() NOT NULL,
  "name" varchar(200) NOT NULL,
  "email" text,
  "created_at" timestamptz DEFAULT (now()) NOT NULL,
  "genre" text,
  CONSTRAINT "authors_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "authors_email_key" UNIQUE ("email"),
  CONSTRAINT "authors_genre_check" CHECK ("genre" IN ('novel', 'it''s verse'))
)

-- create index of authors
CREATE INDEX IF NOT EXISTS "authors_name_idx" ON "authors" ("name")

-- create books
CREATE TABLE IF NOT EXISTS "books" (
  "id" uuid NOT NULL,
  "author_id" bigint NOT NULL,
  "title" varchar(200) NOT NULL,
  "price" numeric(12, 2) DEFAULT 0 NOT NULL,
  "details" jsonb,
  "pages" int4 DEFAULT 1 NOT NULL,
  "published" date,
  CONSTRAINT "books_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "books_author_id_title_key" UNIQUE ("author_id", "title"),
  CONSTRAINT "books_author_id_fkey" FOREIGN KEY ("author_id") REFERENCES "authors" ("id") ON DELETE CASCADE ON UPDATE RESTRICT,
  CONSTRAINT "books_price_check" CHECK ("price" >= 0),
  CONSTRAINT "title_is_told" CHECK ("title" <> 'it''s nothing')
)

-- create index of books
CREATE INDEX IF NOT EXISTS "books_title_price_idx" ON "books" ("title" DESC, "price")

-- create index of books
CREATE UNIQUE INDEX IF NOT EXISTS "books_by_lower_title" ON "books" ((lower("title")))

-- create categories
CREATE TABLE IF NOT EXISTS "categories" (
  "id" bigint DEFAULT unique_rowid() NOT NULL,
  "parent_id" bigint,
  "label" text NOT NULL,
  CONSTRAINT "categories_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "categories_parent_id_fkey" FOREIGN KEY ("parent_id") REFERENCES "categories" ("id")
)

-- create shelves
CREATE TABLE IF NOT EXISTS "shelves" (
  "code" text NOT NULL,
  "a_bool" boolean,
  "a_int16" smallint,
  "a_int32" int4,
  "a_int64" bigint,
  "a_float64" double precision,
  "a_decimal" numeric,
  "a_text" text,
  "a_bytes" bytea,
  "a_date" date,
  "a_time" time,
  "a_timestamp" timestamp,
  "a_timestamp_utc" timestamptz,
  "a_interval" interval,
  "a_uuid" uuid,
  "a_json" jsonb,
  "a_inet" inet,
  "a_array" text[],
  CONSTRAINT "shelves_pkey" PRIMARY KEY ("code")
)

-- create loans
CREATE TABLE IF NOT EXISTS "loans" (
  "author_id" bigint NOT NULL,
  "title" text NOT NULL,
  "borrower" bigint,
  CONSTRAINT "loans_pkey" PRIMARY KEY ("author_id", "title"),
  CONSTRAINT "loans_author_id_title_fkey" FOREIGN KEY ("author_id", "title") REFERENCES "books" ("author_id", "title"),
  CONSTRAINT "loans_borrower_fkey" FOREIGN KEY ("borrower") REFERENCES "authors" ("id") ON DELETE SET NULL
)

-- create notes
CREATE TABLE IF NOT EXISTS "notes" (
  "id" bigint DEFAULT unique_rowid() NOT NULL,
  "title" text NOT NULL,
  "body" text,
  CONSTRAINT "notes_pkey" PRIMARY KEY ("id")
)

-- create constants
CREATE TABLE IF NOT EXISTS "constants" (
  "a_bool" boolean DEFAULT TRUE NOT NULL,
  "an_integer" bigint DEFAULT -7 NOT NULL,
  "a_real" double precision DEFAULT 1e-01 NOT NULL,
  "a_decimal" numeric DEFAULT -12.30 NOT NULL,
  "a_text" text DEFAULT 'it''s "quoted" \ here' NOT NULL,
  "some_bytes" bytea DEFAULT '\x0127FF'::bytea NOT NULL,
  "a_date" date DEFAULT DATE '2022-01-08' NOT NULL,
  "a_time" time DEFAULT TIME '00:00:00.000001' NOT NULL,
  "a_timestamp" timestamp DEFAULT TIMESTAMP '2023-11-14 22:13:20.123456' NOT NULL,
  "a_utc_timestamp" timestamptz DEFAULT TIMESTAMP WITH TIME ZONE '2023-11-14 22:13:20.123456+00:00' NOT NULL,
  "an_interval" interval DEFAULT '0 months 2 days 3 microseconds'::interval NOT NULL,
  "a_uuid" uuid DEFAULT '01020300-0000-0000-0000-000000000000'::uuid NOT NULL,
  "a_json" jsonb DEFAULT '{"a": "it''s"}'::jsonb NOT NULL,
  "an_address" inet DEFAULT '192.0.2.1/24'::inet NOT NULL
)

-- create stock
CREATE TABLE IF NOT EXISTS "shop"."stock" (
  "sku" text NOT NULL,
  "sold" bigint,
  CONSTRAINT "stock_pkey" PRIMARY KEY ("sku")
)

-- create index of stock
-- refused, unsupported_feature: CockroachDB has no NULLS FIRST and NULLS LAST in an index; say it where queries are ordered

-- create places
-- refused, unsupported_feature: CockroachDB has no unique constraints that are checked when a transaction commits; free a value before another row takes it

-- create guests
-- refused, unsupported_feature: CockroachDB has no foreign keys that are checked when a transaction commits; let one column of the circle be NULL for a while

-- create loans without borrower
CREATE TABLE "loans" (
  "author_id" bigint NOT NULL,
  "title" text NOT NULL,
  "borrower" bigint,
  CONSTRAINT "loans_pkey" PRIMARY KEY ("author_id", "title"),
  CONSTRAINT "loans_author_id_title_fkey" FOREIGN KEY ("author_id", "title") REFERENCES "books" ("author_id", "title")
)

-- add postponed foreign key
ALTER TABLE "loans" ADD CONSTRAINT "loans_borrower_fkey" FOREIGN KEY ("borrower") REFERENCES "authors" ("id") ON DELETE SET NULL

-- add foreign key
ALTER TABLE "loans" ADD CONSTRAINT "loans_author_id_title_fkey" FOREIGN KEY ("author_id", "title") REFERENCES "books" ("author_id", "title")

-- create text index
-- refused, unsupported_feature: CockroachDB has no text indexes; leave text_index out of the model and search with ilike

-- create text index
-- refused, unsupported_feature: CockroachDB has no text indexes; leave text_index out of the model and search with ilike

-- create text index
-- refused, unsupported_feature: CockroachDB has no text indexes; leave text_index out of the model and search with ilike

-- create text index
-- refused, unsupported_feature: CockroachDB has no text indexes; leave text_index out of the model and search with ilike

-- create text index
-- refused, unsupported_feature: CockroachDB has no text indexes; leave text_index out of the model and search with ilike

-- create text index in a schema
-- refused, unsupported_feature: CockroachDB has no text indexes; leave text_index out of the model and search with ilike

-- drop text index
-- refused, unsupported_feature: CockroachDB has no text indexes; leave text_index out of the model

-- drop table
DROP TABLE IF EXISTS "loans"

-- drop table cascade
DROP TABLE "loans" CASCADE

-- begin default
BEGIN

-- begin read uncommitted
BEGIN ISOLATION LEVEL READ UNCOMMITTED

-- begin read committed
BEGIN ISOLATION LEVEL READ COMMITTED

-- begin repeatable read
BEGIN ISOLATION LEVEL REPEATABLE READ

-- begin serializable
BEGIN ISOLATION LEVEL SERIALIZABLE

-- begin readonly deferrable
-- refused, unsupported_feature: CockroachDB has no deferrable transactions; leave deferrable out

-- begin readonly
BEGIN READ ONLY

-- commit
COMMIT

-- rollback
ROLLBACK

-- savepoint
SAVEPOINT "inner_1"

-- release savepoint
RELEASE SAVEPOINT "inner_1"

-- rollback to savepoint
ROLLBACK TO SAVEPOINT "inner_1"

-- raw
SELECT id FROM books WHERE price > $1::numeric AND title = $2

-- raw with a second statement
-- refused, unparameterized_sql: raw SQL holds a second statement

-- raw of names
SELECT "authors"."id" AS id, $1::bigint AS total FROM "authors"

-- raw rows joined
SELECT "authors"."id", "totals"."total" FROM "authors" JOIN (SELECT "authors"."id" AS id, $1::bigint AS total FROM "authors") AS "totals" ON "authors"."id" = "totals"."id"

-- raw around a query
SELECT count(*) FROM (SELECT "id", "name", "email", "created_at", "genre" FROM "authors" WHERE "id" = $1) AS found

-- explain raw
EXPLAIN SELECT "authors"."id" AS id, $1::bigint AS total FROM "authors"

-- explain
EXPLAIN SELECT "id", "name", "email", "created_at", "genre" FROM "authors" WHERE "id" = $1

-- explain analyze
EXPLAIN ANALYZE SELECT "id", "name", "email", "created_at", "genre" FROM "authors" WHERE "id" = $1

-- explain insert
EXPLAIN INSERT INTO "authors" ("name") VALUES ($1)

-- explain update
EXPLAIN UPDATE "authors" SET "name" = $1 WHERE "id" = $2 RETURNING "id"

-- explain delete
EXPLAIN DELETE FROM "authors" WHERE "id" = $1

