-- entity
SELECT `id`, `name`, `email`, `created_at`, `genre` FROM `authors`

-- page
SELECT `title` FROM `books` WHERE `price` > ? AND (`title` LIKE ? ESCAPE '\\' OR `published` IS NULL) ORDER BY `price` DESC, `title`, `published` IS NULL, `published`, `pages` IS NULL DESC, `pages` DESC LIMIT ? OFFSET ?

-- offset alone
SELECT `title` FROM `books` WHERE `price` > ? AND (`title` LIKE ? ESCAPE '\\' OR `published` IS NULL) ORDER BY `price` DESC, `title`, `published` IS NULL, `published`, `pages` IS NULL DESC, `pages` DESC LIMIT 18446744073709551615 OFFSET ?

-- distinct
SELECT DISTINCT `price`, lower(`title`) AS `low` FROM `books` ORDER BY `price` DESC

-- distinct on
-- refused, unsupported_feature: Dolt has no DISTINCT ON; number the rows with row_number in a subquery and take the first

-- two sources
SELECT `authors`.`id`, `authors`.`name`, `authors`.`email`, `authors`.`created_at`, `authors`.`genre`, `books`.`id`, `books`.`author_id`, `books`.`title`, `books`.`price`, `books`.`details`, `books`.`pages`, `books`.`published` FROM `authors` CROSS JOIN `books` WHERE `authors`.`id` = `books`.`author_id`

-- join
SELECT `books`.`id`, `books`.`author_id`, `books`.`title`, `books`.`price`, `books`.`details`, `books`.`pages`, `books`.`published`, `authors`.`id`, `authors`.`name`, `authors`.`email`, `authors`.`created_at`, `authors`.`genre` FROM `books` JOIN `authors` ON `books`.`author_id` = `authors`.`id`

-- left join
SELECT `books`.`id`, `books`.`author_id`, `books`.`title`, `books`.`price`, `books`.`details`, `books`.`pages`, `books`.`published`, `authors`.`id`, `authors`.`name`, `authors`.`email`, `authors`.`created_at`, `authors`.`genre` FROM `books` LEFT JOIN `authors` ON `books`.`author_id` = `authors`.`id`

-- self join
SELECT `categories`.`label`, `categories_2`.`label`, `categories_3`.`label` FROM `categories` JOIN `categories` AS `categories_2` ON `categories`.`parent_id` = `categories_2`.`id` LEFT JOIN `categories` AS `categories_3` ON `categories_2`.`parent_id` = `categories_3`.`id`

-- grouped
SELECT `authors`.`name`, count(*) AS `books`, avg(`books`.`price`), avg(`books`.`pages`) FROM `authors` LEFT JOIN `books` ON `authors`.`id` = `books`.`author_id` GROUP BY `authors`.`name` HAVING count(*) > ? ORDER BY `books` DESC

-- grouped by key
SELECT `id`, `name`, `email`, `created_at`, `genre`, count(*) FROM `authors` GROUP BY `id`

-- grouped by decimal
SELECT `price`, count(*) FROM `books` GROUP BY `price`

-- for update of skip locked
-- refused, unsupported_feature: Dolt has no row locks; a serializable transaction keeps others away

-- for share nowait
-- refused, unsupported_feature: Dolt has no row locks; a serializable transaction keeps others away

-- integers compared
SELECT `id` FROM `books` WHERE `pages` = ?

-- decimals compared
SELECT `id` FROM `books` WHERE `price` = ?

-- integers compared
SELECT `id` FROM `books` WHERE `pages` <> ?

-- decimals compared
SELECT `id` FROM `books` WHERE `price` <> ?

-- integers compared
SELECT `id` FROM `books` WHERE `pages` < ?

-- decimals compared
SELECT `id` FROM `books` WHERE `price` < ?

-- integers compared
SELECT `id` FROM `books` WHERE `pages` <= ?

-- decimals compared
SELECT `id` FROM `books` WHERE `price` <= ?

-- integers compared
SELECT `id` FROM `books` WHERE `pages` > ?

-- decimals compared
SELECT `id` FROM `books` WHERE `price` > ?

-- integers compared
SELECT `id` FROM `books` WHERE `pages` >= ?

-- decimals compared
SELECT `id` FROM `books` WHERE `price` >= ?

-- integers compared
SELECT `id` FROM `books` WHERE NOT (`pages` <=> ?)

-- decimals compared
SELECT `id` FROM `books` WHERE NOT (`price` <=> ?)

-- integers compared
SELECT `id` FROM `books` WHERE (`pages` <=> ?)

-- decimals compared
SELECT `id` FROM `books` WHERE (`price` <=> ?)

-- decimal compared with integer
SELECT `id` FROM `books` WHERE `pages` < `price`

-- integers
SELECT `pages` + ? FROM `books`

-- decimals
SELECT `price` + (`price` + `pages`) FROM `books`

-- integers
SELECT `pages` - ? FROM `books`

-- decimals
SELECT `price` - (`price` - `pages`) FROM `books`

-- integers
SELECT `pages` * ? FROM `books`

-- decimals
SELECT `price` * (`price` * `pages`) FROM `books`

-- integers
SELECT (`pages` DIV ?) FROM `books`

-- decimals
SELECT `price` / (`price` / `pages`) FROM `books`

-- integers
SELECT `pages` % ? FROM `books`

-- decimals
SELECT `price` % (`price` % `pages`) FROM `books`

-- pattern
SELECT `id` FROM `books` WHERE `title` LIKE ? ESCAPE '\\'

-- pattern
SELECT `id` FROM `books` WHERE `title` NOT LIKE ? ESCAPE '\\'

-- pattern
SELECT `id` FROM `books` WHERE LOWER(`title`) LIKE LOWER(?) ESCAPE '\\'

-- pattern
SELECT `id` FROM `books` WHERE LOWER(`title`) NOT LIKE LOWER(?) ESCAPE '\\'

-- concatenation
SELECT CONCAT(`title`, ?) FROM `books`

-- nested logic
SELECT `id` FROM `books` WHERE NOT (`pages` > ? OR (`pages` > ? AND `pages` > ?)) AND `pages` > ?

-- chain of or
SELECT `id` FROM `books` WHERE `pages` > ? OR `pages` > ? OR `pages` > ?

-- negated integer
SELECT -(`pages` + ?) FROM `books`

-- negated decimal
SELECT -`price` FROM `books`

-- null tests
SELECT `id` FROM `books` WHERE `details` IS NULL AND `published` IS NOT NULL

-- in empty list
SELECT `id` FROM `books` WHERE 1 = 0

-- not in empty list
SELECT `id` FROM `books` WHERE 1 = 1

-- in three
SELECT `id` FROM `books` WHERE `author_id` IN (?, ?, ?, ?)

-- not in one
SELECT `id` FROM `books` WHERE `author_id` NOT IN (?)

-- decimal in list
SELECT `id` FROM `books` WHERE `price` IN (?)

-- expression in list
SELECT `id` FROM `books` WHERE lower(`title`) IN (?)

-- between
SELECT `id` FROM `books` WHERE `price` BETWEEN ? AND ?

-- not between
SELECT `id` FROM `books` WHERE `pages` NOT BETWEEN ? AND ?

-- row values
SELECT `id` FROM `books` WHERE (`price`, `author_id`) > (?, ?)

-- abs
SELECT abs(`pages`) FROM `books`

-- abs of decimals
SELECT abs(`price`) FROM `books`

-- avg
SELECT avg(`pages`) FROM `books`

-- avg of decimals
SELECT avg(`price`) FROM `books`

-- max
SELECT max(`pages`) FROM `books`

-- max of decimals
SELECT max(`price`) FROM `books`

-- min
SELECT min(`pages`) FROM `books`

-- min of decimals
SELECT min(`price`) FROM `books`

-- sum
SELECT CAST(sum(`pages`) AS SIGNED) FROM `books`

-- sum of decimals
SELECT sum(`price`) FROM `books`

-- sum of int64
SELECT CAST(sum(`author_id`) AS SIGNED) FROM `books`

-- sum of a column times a value
SELECT CAST(sum(`pages` * ?) AS SIGNED) FROM `books`

-- length
SELECT char_length(`title`) FROM `books`

-- lower
SELECT lower(`title`) FROM `books`

-- ltrim
SELECT ltrim(`title`) FROM `books`

-- rtrim
SELECT rtrim(`title`) FROM `books`

-- trim
SELECT trim(`title`) FROM `books`

-- upper
SELECT upper(`title`) FROM `books`

-- replace
SELECT replace(`title`, ?, ?) FROM `books`

-- substring
SELECT substring(`title`, ?, ?) FROM `books`

-- coalesce
SELECT coalesce(`email`, ?) FROM `authors`

-- nullif
SELECT nullif(`price`, ?) FROM `books`

-- greatest
SELECT greatest(`pages`, ?) FROM `books`

-- least of decimals
SELECT least(`price`, ?) FROM `books`

-- mod
SELECT mod(`pages`, ?) FROM `books`

-- round of decimals
SELECT round(`price`, ?) FROM `books`

-- now
SELECT UTC_TIMESTAMP(6) FROM `books`

-- random uuid
SELECT UNHEX(CONCAT(HEX(RANDOM_BYTES(6)), '4', SUBSTR(HEX(RANDOM_BYTES(2)), 2), HEX(8 + (ORD(RANDOM_BYTES(1)) & 3)), SUBSTR(HEX(RANDOM_BYTES(8)), 2))) FROM `books`

-- current date
SELECT UTC_DATE() FROM `books`

-- string_agg
SELECT SUBSTRING(GROUP_CONCAT(CONCAT(?, `title`) SEPARATOR ''), CHAR_LENGTH(?) + 1) FROM `books`

-- bool_or
SELECT max(`pages` > ?) FROM `books`

-- unknown function
SELECT shop.margin(`price`, ?) FROM `books`

-- filtered aggregate
SELECT count(CASE WHEN `pages` > ? THEN 1 END) FROM `books`

-- count distinct
SELECT count(DISTINCT `price`) FROM `books`

-- window
SELECT row_number() OVER (PARTITION BY `author_id` ORDER BY `price` DESC, `title`) FROM `books`

-- window without partition
SELECT rank() OVER (ORDER BY `price`) FROM `books`

-- json member
SELECT JSON_EXTRACT(`details`, CONCAT('$', '.', JSON_QUOTE(?))) FROM `books`

-- json text of element
SELECT CASE WHEN JSON_TYPE(CASE JSON_TYPE(JSON_EXTRACT(`details`, CONCAT('$', '.', JSON_QUOTE(?)))) WHEN 'ARRAY' THEN JSON_EXTRACT(JSON_EXTRACT(`details`, CONCAT('$', '.', JSON_QUOTE(?))), CONCAT('$', '[', ?, ']')) END) <> 'NULL' THEN JSON_UNQUOTE(CASE JSON_TYPE(JSON_EXTRACT(`details`, CONCAT('$', '.', JSON_QUOTE(?)))) WHEN 'ARRAY' THEN JSON_EXTRACT(JSON_EXTRACT(`details`, CONCAT('$', '.', JSON_QUOTE(?))), CONCAT('$', '[', ?, ']')) END) END FROM `books`

-- case
SELECT CASE WHEN `price` > ? THEN ? ELSE ? END AS `band` FROM `books`

-- case without else
SELECT CASE WHEN `price` > ? THEN `price` WHEN NOT (`price` > ?) THEN ? END FROM `books`

-- int32 cast
SELECT CAST(`pages` AS CHAR CHARACTER SET utf8mb4) FROM `books`

-- decimal cast
SELECT CAST(`price` AS CHAR CHARACTER SET utf8mb4) FROM `books`

-- value cast
SELECT ? FROM `books`

-- int32 cast
SELECT CAST(`pages` AS SIGNED) FROM `books`

-- decimal cast
SELECT CAST(`price` AS SIGNED) FROM `books`

-- value cast
SELECT CAST(CASE WHEN ? REGEXP '^[[:space:]]*[-+]?[0-9]+[[:space:]]*$' THEN ? ELSE JSON_UNQUOTE(CAST(CONCAT('!', ?) AS JSON)) END AS DECIMAL(65, 0)) FROM `books`

-- int32 cast
SELECT CAST(`pages` AS DOUBLE) FROM `books`

-- decimal cast
SELECT CAST(`price` AS DOUBLE) FROM `books`

-- value cast
SELECT CAST(CASE WHEN ? REGEXP '^[[:space:]]*[-+]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][-+]?[0-9]+)?[[:space:]]*$' THEN ? ELSE JSON_UNQUOTE(CAST(CONCAT('!', ?) AS JSON)) END AS DOUBLE) FROM `books`

-- int32 cast
SELECT CAST(`pages` AS DECIMAL(65, 0)) FROM `books`

-- decimal cast
SELECT CAST(`price` AS DECIMAL(65, 30)) FROM `books`

-- value cast
SELECT CAST(CASE WHEN ? REGEXP '^[[:space:]]*[-+]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][-+]?[0-9]+)?[[:space:]]*$' THEN ? ELSE JSON_UNQUOTE(CAST(CONCAT('!', ?) AS JSON)) END AS DECIMAL(65, 30)) FROM `books`

-- cast to bool
SELECT ((`pages`) <> 0) FROM `books`

-- timestamp_utc cast
SELECT CAST(`created_at` AS DATE) FROM `authors`

-- timestamp_utc cast
SELECT CAST(`created_at` AS TIME(6)) FROM `authors`

-- timestamp_utc cast
SELECT CAST(`created_at` AS DATETIME(6)) FROM `authors`

-- timestamp_utc cast
SELECT `created_at` FROM `authors`

-- timestamp_utc cast
-- refused, unsupported_feature: Dolt has no cast from timestamp_utc to uuid

-- date cast
SELECT CAST(`published` AS DATETIME(6)) FROM `books`

-- raw fragment
SELECT (length(`title`) + ?) FROM `books`

-- exists
SELECT `id` FROM `authors` WHERE EXISTS (SELECT 1 FROM `books` WHERE `books`.`author_id` = `authors`.`id` AND `books`.`pages` < ?)

-- not exists
SELECT `id` FROM `authors` WHERE NOT EXISTS (SELECT 1 FROM `books` WHERE `books`.`author_id` = `authors`.`id` AND `books`.`pages` < ?)

-- in subquery
SELECT `id` FROM `authors` WHERE `id` IN (SELECT `books`.`author_id` FROM `books`)

-- not in subquery
SELECT `id` FROM `authors` WHERE `id` NOT IN (SELECT `books`.`author_id` FROM `books`)

-- scalar subquery
SELECT (SELECT max(`books`.`price`) FROM `books` WHERE `books`.`author_id` = `authors`.`id`) AS `highest` FROM `authors`

-- subquery over the same source
SELECT `id` FROM `books` WHERE `price` > (SELECT avg(`books_2`.`price`) FROM `books` AS `books_2`)

-- correlated copy
SELECT `id` FROM `books` WHERE EXISTS (SELECT 1 FROM `books` AS `books_2` WHERE `books_2`.`author_id` = `books`.`author_id` AND `books_2`.`id` <> `books`.`id`)

-- parameter of bool
SELECT `code` FROM `shelves` WHERE `a_bool` = ?

-- selected bool
SELECT CAST(? AS SIGNED) FROM `shelves`

-- parameter of int16
SELECT `code` FROM `shelves` WHERE `a_int16` = ?

-- selected int16
SELECT CAST(? AS SIGNED) FROM `shelves`

-- parameter of int32
SELECT `code` FROM `shelves` WHERE `a_int32` = ?

-- selected int32
SELECT CAST(? AS SIGNED) FROM `shelves`

-- parameter of int64
SELECT `code` FROM `shelves` WHERE `a_int64` = ?

-- selected int64
SELECT CAST(? AS SIGNED) FROM `shelves`

-- parameter of float64
SELECT `code` FROM `shelves` WHERE `a_float64` = ?

-- selected float64
SELECT CAST(? AS DOUBLE) FROM `shelves`

-- parameter of decimal
SELECT `code` FROM `shelves` WHERE `a_decimal` = ?

-- selected decimal
SELECT CASE WHEN TRUE THEN ? ELSE 0.0 END FROM `shelves`

-- parameter of text
SELECT `code` FROM `shelves` WHERE `a_text` = ?

-- selected text
SELECT ? FROM `shelves`

-- parameter of bytes
SELECT `code` FROM `shelves` WHERE `a_bytes` = ?

-- selected bytes
SELECT CAST(? AS BINARY) FROM `shelves`

-- parameter of date
SELECT `code` FROM `shelves` WHERE `a_date` = ?

-- selected date
SELECT CAST(? AS DATE) FROM `shelves`

-- parameter of time
SELECT `code` FROM `shelves` WHERE `a_time` = ?

-- selected time
SELECT CAST(? AS TIME(6)) FROM `shelves`

-- parameter of timestamp
SELECT `code` FROM `shelves` WHERE `a_timestamp` = ?

-- selected timestamp
SELECT CAST(? AS DATETIME(6)) FROM `shelves`

-- parameter of timestamp_utc
SELECT `code` FROM `shelves` WHERE `a_timestamp_utc` = ?

-- selected timestamp_utc
SELECT CAST(? AS DATETIME(6)) FROM `shelves`

-- parameter of interval
SELECT `code` FROM `shelves` WHERE `a_interval` = ?

-- selected interval
SELECT CAST(? AS SIGNED) FROM `shelves`

-- parameter of uuid
SELECT `code` FROM `shelves` WHERE `a_uuid` = ?

-- selected uuid
SELECT CAST(? AS BINARY) FROM `shelves`

-- parameter of json
SELECT `code` FROM `shelves` WHERE `a_json` = CAST(? AS JSON)

-- selected json
SELECT CAST(? AS JSON) FROM `shelves`

-- parameter of inet
SELECT `code` FROM `shelves` WHERE `a_inet` = ?

-- selected inet
SELECT ? FROM `shelves`

-- parameter of array
SELECT `code` FROM `shelves` WHERE `a_array` = CAST(? AS JSON)

-- selected array
SELECT CAST(? AS JSON) FROM `shelves`

