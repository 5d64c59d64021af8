-- insert
INSERT INTO "authors" ("name", "email") VALUES ($1, $2)

-- insert returning entity
INSERT INTO "authors" ("name", "email") VALUES ($1, $2) RETURNING "id", "name", "email", "created_at", "genre"

-- insert of two rows with defaults
INSERT INTO "authors" ("id", "name", "created_at") VALUES (DEFAULT, $1, DEFAULT), ($2, $3, now()) RETURNING "id"

-- insert of defaults alone
INSERT INTO "authors" DEFAULT VALUES

-- bulk insert
INSERT INTO "books" ("id", "author_id", "price") VALUES ($1, $2, $3), ($4, $5, $6)
-- bulk: "books" ("id", "author_id", "price")

-- insert from query
INSERT INTO "authors" ("name") SELECT "label" FROM "categories"

-- insert from query ignoring conflicts
INSERT INTO "authors" ("name") SELECT "label" FROM "categories" ON CONFLICT DO NOTHING

-- upsert that ignores
INSERT INTO "authors" ("name", "email") VALUES ($1, $2) ON CONFLICT ("email") DO NOTHING

-- upsert
INSERT INTO "authors" ("name", "email") VALUES ($1, $2) ON CONFLICT ("email") DO UPDATE SET "name" = "authors"."name" || excluded."name", "email" = $3 WHERE "authors"."name" <> excluded."name" RETURNING "id"

-- update
UPDATE "books" SET "price" = "price" * $1::numeric, "title" = $2, "pages" = DEFAULT WHERE "pages" > $3::bigint AND (SELECT count(*) FROM "authors" WHERE "authors"."id" = "books"."author_id") = $4::bigint RETURNING "id", "author_id", "title", "price", "details", "pages", "published"

-- update everywhere
UPDATE "books" SET "title" = $1

-- update without where
-- refused, query: an update of books needs a where; say everywhere() to change all rows

-- delete
DELETE FROM "books" WHERE "price" < $1 RETURNING "id"

-- delete everywhere
DELETE FROM "books"

