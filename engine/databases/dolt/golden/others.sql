-- create authors
CREATE TABLE IF NOT EXISTS `authors` (
  `id` BIGINT AUTO_INCREMENT NOT NULL,
  `name` VARCHAR(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin NOT NULL,
  `email` VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin,
  `created_at` DATETIME(6) DEFAULT (UTC_TIMESTAMP(6)) NOT NULL,
  `genre` LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin,
  CONSTRAINT `authors_pkey` PRIMARY KEY (`id`),
  CONSTRAINT `authors_email_key` UNIQUE (`email`),
  CONSTRAINT `authors_genre_check` CHECK (`genre` IN ('novel', 'it''s verse'))
)

-- create index of authors
CREATE INDEX `authors_name_idx` ON `authors` (`name`)

-- create books
CREATE TABLE IF NOT EXISTS `books` (
  `id` BINARY(16) NOT NULL,
  `author_id` BIGINT NOT NULL,
  `title` VARCHAR(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin NOT NULL,
  `price` DECIMAL(12, 2) DEFAULT 0 NOT NULL,
  `details` JSON,
  `pages` INT DEFAULT 1 NOT NULL,
  `published` DATE,
  CONSTRAINT `books_pkey` PRIMARY KEY (`id`),
  CONSTRAINT `books_author_id_title_key` UNIQUE (`author_id`, `title`),
  CONSTRAINT `books_author_id_fkey` FOREIGN KEY (`author_id`) REFERENCES `authors` (`id`) ON DELETE CASCADE ON UPDATE RESTRICT,
  CONSTRAINT `books_price_check` CHECK (`price` >= 0),
  CONSTRAINT `title_is_told` CHECK (`title` <> 'it''s nothing')
)

-- create index of books
CREATE INDEX `books_title_price_idx` ON `books` (`title` DESC, `price`)

-- create index of books
CREATE UNIQUE INDEX `books_by_lower_title` ON `books` ((lower(`title`)))

-- create categories
CREATE TABLE IF NOT EXISTS `categories` (
  `id` BIGINT AUTO_INCREMENT NOT NULL,
  `parent_id` BIGINT,
  `label` LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin NOT NULL,
  CONSTRAINT `categories_pkey` PRIMARY KEY (`id`),
  CONSTRAINT `categories_parent_id_fkey` FOREIGN KEY (`parent_id`) REFERENCES `categories` (`id`)
)

-- create shelves
CREATE TABLE IF NOT EXISTS `shelves` (
  `code` VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin NOT NULL,
  `a_bool` TINYINT(1),
  `a_int16` SMALLINT,
  `a_int32` INT,
  `a_int64` BIGINT,
  `a_float64` DOUBLE,
  `a_decimal` DECIMAL(65, 30),
  `a_text` LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin,
  `a_bytes` LONGBLOB,
  `a_date` DATE,
  `a_time` TIME(6),
  `a_timestamp` DATETIME(6),
  `a_timestamp_utc` DATETIME(6),
  `a_interval` BIGINT,
  `a_uuid` BINARY(16),
  `a_json` JSON,
  `a_inet` VARCHAR(43) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin,
  `a_array` JSON,
  CONSTRAINT `shelves_pkey` PRIMARY KEY (`code`)
)

-- create loans
CREATE TABLE IF NOT EXISTS `loans` (
  `author_id` BIGINT NOT NULL,
  `title` VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin NOT NULL,
  `borrower` BIGINT,
  CONSTRAINT `loans_pkey` PRIMARY KEY (`author_id`, `title`),
  CONSTRAINT `loans_author_id_title_fkey` FOREIGN KEY (`author_id`, `title`) REFERENCES `books` (`author_id`, `title`),
  CONSTRAINT `loans_borrower_fkey` FOREIGN KEY (`borrower`) REFERENCES `authors` (`id`) ON DELETE SET NULL
)

-- create notes
CREATE TABLE IF NOT EXISTS `notes` (
  `id` BIGINT AUTO_INCREMENT NOT NULL,
  `title` LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin NOT NULL,
  `body` LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin,
  CONSTRAINT `notes_pkey` PRIMARY KEY (`id`)
)

-- create constants
CREATE TABLE IF NOT EXISTS `constants` (
  `a_bool` TINYINT(1) DEFAULT TRUE NOT NULL,
  `an_integer` BIGINT DEFAULT -7 NOT NULL,
  `a_real` DOUBLE DEFAULT 1e-01 NOT NULL,
  `a_decimal` DECIMAL(65, 30) DEFAULT -12.30 NOT NULL,
  `a_text` LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin DEFAULT ('it''s "quoted" \\ here') NOT NULL,
  `some_bytes` LONGBLOB DEFAULT (X'0127FF') NOT NULL,
  `a_date` DATE DEFAULT DATE '2022-01-08' NOT NULL,
  `a_time` TIME(6) DEFAULT TIME '00:00:00.000001' NOT NULL,
  `a_timestamp` DATETIME(6) DEFAULT TIMESTAMP '2023-11-14 22:13:20.123456' NOT NULL,
  `a_utc_timestamp` DATETIME(6) DEFAULT TIMESTAMP '2023-11-14 22:13:20.123456' NOT NULL,
  `an_interval` BIGINT DEFAULT 172800000003 NOT NULL,
  `a_uuid` BINARY(16) DEFAULT X'01020300000000000000000000000000' NOT NULL,
  `a_json` JSON DEFAULT ('{"a": "it''s"}') NOT NULL,
  `an_address` VARCHAR(43) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin DEFAULT ('192.0.2.1/24') NOT NULL
)

-- create stock
-- refused, unsupported_feature: Dolt has no schemas, which table stock asks for; put it into a database of its own

-- create index of stock
-- refused, unsupported_feature: Dolt has no NULLS FIRST and NULLS LAST in an index; say it where queries are ordered

-- create places
-- refused, unsupported_feature: Dolt has no unique constraints that are checked when a transaction commits; free a value before another row takes it

-- create guests
-- refused, unsupported_feature: Dolt has no foreign keys that are checked when a transaction commits; let one column of the circle be NULL for a while

-- create loans without borrower
CREATE TABLE `loans` (
  `author_id` BIGINT NOT NULL,
  `title` VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin NOT NULL,
  `borrower` BIGINT,
  CONSTRAINT `loans_pkey` PRIMARY KEY (`author_id`, `title`),
  CONSTRAINT `loans_author_id_title_fkey` FOREIGN KEY (`author_id`, `title`) REFERENCES `books` (`author_id`, `title`)
)

-- add postponed foreign key
ALTER TABLE `loans` ADD CONSTRAINT `loans_borrower_fkey` FOREIGN KEY (`borrower`) REFERENCES `authors` (`id`) ON DELETE SET NULL

-- add foreign key
ALTER TABLE `loans` ADD CONSTRAINT `loans_author_id_title_fkey` FOREIGN KEY (`author_id`, `title`) REFERENCES `books` (`author_id`, `title`)

-- create text index
-- refused, unsupported_feature: Dolt has no text indexes; leave text_index out of the model and search with ilike

-- create text index
-- refused, unsupported_feature: Dolt has no text indexes; leave text_index out of the model and search with ilike

-- create text index
-- refused, unsupported_feature: Dolt has no text indexes; leave text_index out of the model and search with ilike

-- create text index
-- refused, unsupported_feature: Dolt has no text indexes; leave text_index out of the model and search with ilike

-- create text index
-- refused, unsupported_feature: Dolt has no text indexes; leave text_index out of the model and search with ilike

-- create text index in a schema
-- refused, unsupported_feature: Dolt has no text indexes; leave text_index out of the model and search with ilike

-- drop text index
-- refused, unsupported_feature: Dolt has no text indexes; leave text_index out of the model

-- drop table
DROP TABLE IF EXISTS `loans`

-- drop table cascade
DROP TABLE `loans`

-- begin default
START TRANSACTION

-- begin read uncommitted
-- before: SET TRANSACTION ISOLATION LEVEL READ UNCOMMITTED
START TRANSACTION

-- begin read committed
-- before: SET TRANSACTION ISOLATION LEVEL READ COMMITTED
START TRANSACTION

-- begin repeatable read
-- before: SET TRANSACTION ISOLATION LEVEL REPEATABLE READ
START TRANSACTION

-- begin serializable
-- before: SET TRANSACTION ISOLATION LEVEL SERIALIZABLE
START TRANSACTION

-- begin readonly deferrable
-- before: SET TRANSACTION ISOLATION LEVEL SERIALIZABLE
START TRANSACTION READ ONLY

-- begin readonly
START TRANSACTION READ ONLY

-- commit
COMMIT

-- rollback
ROLLBACK

-- savepoint
SAVEPOINT `inner_1`

-- release savepoint
RELEASE SAVEPOINT `inner_1`

-- rollback to savepoint
ROLLBACK TO SAVEPOINT `inner_1`

-- raw
SELECT id FROM books WHERE price > ? AND title = ?

-- raw with a second statement
-- refused, unparameterized_sql: raw SQL holds a second statement

-- raw of names
SELECT `authors`.`id` AS id, ? AS total FROM `authors`

-- raw rows joined
SELECT `authors`.`id`, `totals`.`total` FROM `authors` JOIN (SELECT `authors`.`id` AS id, ? AS total FROM `authors`) AS `totals` ON `authors`.`id` = `totals`.`id`

-- raw around a query
SELECT count(*) FROM (SELECT `id`, `name`, `email`, `created_at`, `genre` FROM `authors` WHERE `id` = ?) AS found

-- explain raw
EXPLAIN FORMAT=TREE SELECT `authors`.`id` AS id, ? AS total FROM `authors`

-- explain
EXPLAIN FORMAT=TREE SELECT `id`, `name`, `email`, `created_at`, `genre` FROM `authors` WHERE `id` = ?

-- explain analyze
EXPLAIN ANALYZE SELECT `id`, `name`, `email`, `created_at`, `genre` FROM `authors` WHERE `id` = ?

-- explain insert
EXPLAIN FORMAT=TREE INSERT INTO `authors` (`name`) VALUES (?)

-- explain update
-- refused, unsupported_feature: Dolt has no RETURNING here; select the rows again by their key, in the same transaction

-- explain delete
EXPLAIN FORMAT=TREE DELETE FROM `authors` WHERE `id` = ?

