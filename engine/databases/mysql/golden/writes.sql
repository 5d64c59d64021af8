-- insert
INSERT INTO `authors` (`name`, `email`) VALUES (?, ?)

-- insert returning entity
-- refused, unsupported_feature: MySQL has no RETURNING

-- insert of two rows with defaults
-- refused, unsupported_feature: MySQL has no RETURNING

-- insert of defaults alone
INSERT INTO `authors` () VALUES ()

-- bulk insert
INSERT INTO `books` (`id`, `author_id`, `price`) VALUES (?, ?, ?), (?, ?, ?)

-- insert from query
INSERT INTO `authors` (`name`) SELECT `label` FROM `categories`

-- insert from query ignoring conflicts
-- refused, unsupported_feature: MySQL has no on_conflict

-- upsert that ignores
-- refused, unsupported_feature: MySQL has no on_conflict

-- upsert
-- refused, unsupported_feature: MySQL has no on_conflict

-- update
-- refused, unsupported_feature: MySQL has no RETURNING

-- update everywhere
UPDATE `books` SET `title` = ?

-- update without where
-- refused, query: an update of books needs a where; say everywhere() to change all rows

-- delete
-- refused, unsupported_feature: MySQL has no RETURNING

-- delete everywhere
DELETE FROM `books`

