-- insert
INSERT INTO "authors" ("name", "email") VALUES (?, ?)

-- insert returning entity
INSERT INTO "authors" ("name", "email") VALUES (?, ?) RETURNING "id", "name", "email", "created_at", "genre"

-- insert of two rows with defaults
INSERT INTO "authors" ("id", "name", "created_at") VALUES (NULL, ?, (strftime('%Y-%m-%d %H:%M:%f000+00:00', 'now'))), (?, ?, strftime('%Y-%m-%d %H:%M:%f000+00:00', 'now')) RETURNING "id"

-- insert of defaults alone
INSERT INTO "authors" DEFAULT VALUES

-- bulk insert
INSERT INTO "books" ("id", "author_id", "price") VALUES (?, ?, ?), (?, ?, ?)

-- insert from query
INSERT INTO "authors" ("name") SELECT "label" FROM "categories"

-- insert from query ignoring conflicts
INSERT INTO "authors" ("name") SELECT "label" FROM "categories" WHERE 1 = 1 ON CONFLICT DO NOTHING

-- upsert that ignores
INSERT INTO "authors" ("name", "email") VALUES (?, ?) ON CONFLICT ("email") DO NOTHING

-- upsert
INSERT INTO "authors" ("name", "email") VALUES (?, ?) ON CONFLICT ("email") DO UPDATE SET "name" = "authors"."name" || excluded."name", "email" = ? WHERE "authors"."name" <> excluded."name" RETURNING "id"

-- update
UPDATE "books" SET "price" = bridge_decimal_round(bridge_decimal_multiply("price", ?), 2), "title" = ?, "pages" = (1) WHERE "pages" > ? AND (SELECT count(*) FROM "authors" WHERE "authors"."id" = "books"."author_id") = ? RETURNING "id", "author_id", "title", "price", "details", "pages", "published"

-- update everywhere
UPDATE "books" SET "title" = ?

-- update without where
-- refused, query: an update of books needs a where; say everywhere() to change all rows

-- delete
DELETE FROM "books" WHERE "price" COLLATE bridge_decimal < ? RETURNING "id"

-- delete everywhere
DELETE FROM "books"

