-- insert
INSERT INTO `authors` (`name`, `email`) VALUES (?, ?)

-- insert returning entity
INSERT INTO `authors` (`name`, `email`) VALUES (?, ?)
-- then: SELECT `id`, `name`, `email`, `created_at`, `genre` FROM `authors` WHERE `id` = LAST_INSERT_ID()

-- insert of two rows with defaults
-- refused, unsupported_feature: PlanetScale has no RETURNING and cannot find rows whose key id it computes itself; select the rows again, in the same transaction

-- insert of defaults alone
INSERT INTO `authors` () VALUES ()

-- bulk insert
INSERT INTO `books` (`id`, `author_id`, `price`) VALUES (?, ?, ?), (?, ?, ?)

-- insert from query
INSERT INTO `authors` (`name`) SELECT `label` FROM `categories`

-- insert from query ignoring conflicts
-- refused, unsupported_feature: PlanetScale has no upserts of many rows at once, as it does not tell how many they were; upsert them one by one

-- upsert that ignores
INSERT INTO `authors` (`name`, `email`) VALUES (?, ?) AS excluded ON DUPLICATE KEY UPDATE `id` = `authors`.`id`

-- upsert
-- refused, unsupported_feature: PlanetScale has no condition on the update of an upsert; set each column to case((condition, new), else_=old)

-- update
-- refused, unsupported_feature: PlanetScale has no RETURNING here; select the rows again by their key, in the same transaction

-- update everywhere
UPDATE `books` SET `title` = ?

-- update without where
-- refused, query: an update of books needs a where; say everywhere() to change all rows

-- delete
-- refused, unsupported_feature: PlanetScale has no RETURNING here; select the rows again by their key, in the same transaction

-- delete everywhere
DELETE FROM `books`

