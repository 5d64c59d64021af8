-- insert
INSERT INTO `authors` (`name`, `email`) VALUES (?, ?)

-- insert returning entity
INSERT INTO `authors` (`name`, `email`) VALUES (?, ?) RETURNING `id`, `name`, `email`, `created_at`, `genre`

-- insert of two rows with defaults
INSERT INTO `authors` (`id`, `name`, `created_at`) VALUES (DEFAULT, ?, DEFAULT), (?, ?, UTC_TIMESTAMP(6)) RETURNING `id`

-- insert of defaults alone
INSERT INTO `authors` () VALUES ()

-- bulk insert
INSERT INTO `books` (`id`, `author_id`, `price`) VALUES (?, ?, ?), (?, ?, ?)

-- insert from query
INSERT INTO `authors` (`name`) SELECT `label` FROM `categories`

-- insert from query ignoring conflicts
INSERT INTO `authors` (`name`) SELECT * FROM (SELECT `label` FROM `categories`) AS excluded(`name`) ON DUPLICATE KEY UPDATE `id` = `authors`.`id`

-- upsert that ignores
INSERT INTO `authors` (`name`, `email`) VALUES (?, ?) AS excluded ON DUPLICATE KEY UPDATE `id` = `authors`.`id`

-- upsert
-- refused, unsupported_feature: Dolt has no returning of upserted rows as they are afterwards; select them again by their key

-- update
-- refused, unsupported_feature: Dolt has no RETURNING here; select the rows again by their key, in the same transaction

-- update everywhere
UPDATE `books` SET `title` = ?

-- update without where
-- refused, query: an update of books needs a where; say everywhere() to change all rows

-- delete
-- refused, unsupported_feature: Dolt has no RETURNING here; select the rows again by their key, in the same transaction

-- delete everywhere
DELETE FROM `books`

