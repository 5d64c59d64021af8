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
  INDEX `books_author_id_fkey` (`author_id`),
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
  INDEX `categories_parent_id_fkey` (`parent_id`)
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
  INDEX `loans_author_id_title_fkey` (`author_id`, `title`),
  INDEX `loans_borrower_fkey` (`borrower`)
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
-- refused, unsupported_feature: PlanetScale has no schemas, which table stock asks for; put it into a database of its own

-- create index of stock
-- refused, unsupported_feature: PlanetScale has no NULLS FIRST and NULLS LAST in an index; say it where queries are ordered

-- create places
-- refused, unsupported_feature: PlanetScale has no unique constraints that are checked when a transaction commits; free a value before another row takes it

-- create guests
CREATE TABLE IF NOT EXISTS `guests` (
  `id` BIGINT NOT NULL,
  `host_id` BIGINT NOT NULL,
  CONSTRAINT `guests_pkey` PRIMARY KEY (`id`),
  INDEX `guests_host_id_fkey` (`host_id`)
)

-- create loans without borrower
CREATE TABLE `loans` (
  `author_id` BIGINT NOT NULL,
  `title` VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin NOT NULL,
  `borrower` BIGINT,
  CONSTRAINT `loans_pkey` PRIMARY KEY (`author_id`, `title`),
  INDEX `loans_author_id_title_fkey` (`author_id`, `title`),
  INDEX `loans_borrower_fkey` (`borrower`)
)

-- add postponed foreign key
DO 0

-- add foreign key
-- refused, unsupported_feature: PlanetScale has no foreign keys added to an existing table; name it where the table is created

-- create text index
-- refused, unsupported_feature: PlanetScale has no text indexes; leave text_index out of the model and search with ilike

-- create text index
-- refused, unsupported_feature: PlanetScale has no text indexes; leave text_index out of the model and search with ilike

-- create text index
-- refused, unsupported_feature: PlanetScale has no text indexes; leave text_index out of the model and search with ilike

-- create text index
-- refused, unsupported_feature: PlanetScale has no text indexes; leave text_index out of the model and search with ilike

-- create text index
-- refused, unsupported_feature: PlanetScale has no text indexes; leave text_index out of the model and search with ilike

-- create text index in a schema
-- refused, unsupported_feature: PlanetScale has no text indexes; leave text_index out of the model and search with ilike

-- drop text index
-- refused, unsupported_feature: PlanetScale has no text indexes; leave text_index out of the model

-- drop table
DROP TABLE IF EXISTS `loans`

-- drop table cascade
DROP TABLE `loans`

-- begin default
START TRANSACTION

-- begin read uncommitted
-- refused, unsupported_feature: PlanetScale has no isolation levels of single transactions, as they would hold for the session; leave them out

-- begin read committed
-- refused, unsupported_feature: PlanetScale has no isolation levels of single transactions, as they would hold for the session; leave them out

-- begin repeatable read
-- refused, unsupported_feature: PlanetScale has no isolation levels of single transactions, as they would hold for the session; leave them out

-- begin serializable
-- refused, unsupported_feature: PlanetScale has no isolation levels of single transactions, as they would hold for the session; leave them out

-- begin readonly deferrable
-- refused, unsupported_feature: PlanetScale has no isolation levels of single transactions, as they would hold for the session; leave them out

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
EXPLAIN FORMAT=JSON INSERT INTO `authors` (`name`) VALUES (?)

-- explain update
-- refused, unsupported_feature: PlanetScale has no RETURNING here; select the rows again by their key, in the same transaction

-- explain delete
EXPLAIN FORMAT=JSON DELETE FROM `authors` WHERE `id` = ?

