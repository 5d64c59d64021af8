-- as of a revision
-- refused, unsupported_feature: MariaDB has no revisions and follower reads; say as_of a moment

-- as of a moment
SELECT `name` FROM `authors` FOR SYSTEM_TIME AS OF TIMESTAMP'2024-02-29 12:00:00.000001'

-- as of what all replicas have
-- refused, unsupported_feature: MariaDB has no revisions and follower reads; say as_of a moment

-- as of, with joins and subqueries
SELECT `authors`.`name` FROM `authors` FOR SYSTEM_TIME AS OF TIMESTAMP'2024-02-29 12:00:00.000001' JOIN `authors` FOR SYSTEM_TIME AS OF TIMESTAMP'2024-02-29 12:00:00.000001' AS `authors_2` ON `authors`.`id` = `authors_2`.`id` WHERE `authors`.`id` IN (SELECT `books_2`.`author_id` FROM `books` FOR SYSTEM_TIME AS OF TIMESTAMP'2024-02-29 12:00:00.000001' AS `books_2`)

-- as of in a subquery alone
SELECT `name` FROM (SELECT `name` FROM `authors` FOR SYSTEM_TIME AS OF TIMESTAMP'2024-02-29 12:00:00.000001') AS `before`

-- log
-- refused, unsupported_feature: MariaDB has no version control: its rows have no history to read

-- differences
-- refused, unsupported_feature: MariaDB has no version control: its rows have no history to read

-- branches
-- refused, unsupported_feature: MariaDB has no version control: its rows have no history to read

-- conflicts
-- refused, unsupported_feature: MariaDB has no version control: its rows have no history to read

-- keep a version
-- refused, unsupported_feature: MariaDB has no version control: branches, commits and merges of its rows

-- merge
-- refused, unsupported_feature: MariaDB has no version control: branches, commits and merges of its rows

-- delete a branch
-- refused, unsupported_feature: MariaDB has no version control: branches, commits and merges of its rows

-- reset
-- refused, unsupported_feature: MariaDB has no version control: branches, commits and merges of its rows

-- stage
-- refused, unsupported_feature: MariaDB has no version control: branches, commits and merges of its rows

-- tag
-- refused, unsupported_feature: MariaDB has no version control: branches, commits and merges of its rows

