-- subquery in from
SELECT `id`, `author_id`, `title`, `price`, `details`, `pages`, `published` FROM (SELECT `id`, `author_id`, `title`, `price`, `details`, `pages`, `published`, row_number() OVER (PARTITION BY `author_id` ORDER BY `price` DESC) AS `place` FROM `books`) AS `ranked` WHERE `place` = ?

-- subquery with names that clash
SELECT `id`, `author_id`, `title`, `price`, `details`, `pages`, `published`, `id_2`, `name`, `email`, `created_at`, `genre` FROM (SELECT `books`.`id`, `books`.`author_id`, `books`.`title`, `books`.`price`, `books`.`details`, `books`.`pages`, `books`.`published`, `authors`.`id` AS `id_2`, `authors`.`name`, `authors`.`email`, `authors`.`created_at`, `authors`.`genre` FROM `books` JOIN `authors` ON `books`.`author_id` = `authors`.`id`) AS `pairs`

-- subquery in a join
SELECT `authors`.`name`, `cheap`.`price` FROM `authors` LEFT JOIN (SELECT `author_id`, `price` FROM `books` WHERE `price` < ?) AS `cheap` ON `cheap`.`author_id` = `authors`.`id` WHERE `authors`.`id` = ?

-- subquery twice
SELECT `authors`.`name`, `cheap`.`price` FROM `authors` LEFT JOIN (SELECT `author_id`, `price` FROM `books` WHERE `price` < ?) AS `cheap` ON `cheap`.`author_id` = `authors`.`id` JOIN (SELECT `author_id`, `price` FROM `books` WHERE `price` < ?) AS `cheap_2` ON `cheap_2`.`author_id` = `authors`.`id` WHERE `authors`.`id` = ?

-- lateral
-- refused, unsupported_feature: MariaDB has no lateral subqueries; use a scalar subquery for each column, or a window function in a subquery that is joined

-- common table used twice
WITH `cheap`(`author_id`, `price`) AS (SELECT `author_id`, `price` FROM `books` WHERE `price` < ?) SELECT `cheap`.`price`, `cheap_2`.`price` FROM `cheap` JOIN `cheap` AS `cheap_2` ON `cheap`.`price` < `cheap_2`.`price`

-- common table over another
WITH `cheap`(`author_id`, `price`) AS (SELECT `author_id`, `price` FROM `books` WHERE `price` < ?), `writers`(`author_id`) AS (SELECT `author_id` FROM `cheap`) SELECT `id`, `name`, `email`, `created_at`, `genre` FROM `authors` WHERE `id` IN (SELECT `writers`.`author_id` FROM `writers`)

-- recursive common table
WITH RECURSIVE `tree`(`id`, `parent_id`, `label`) AS (SELECT `id`, `parent_id`, `label` FROM `categories` WHERE `parent_id` IS NULL UNION ALL SELECT `categories`.`id`, `categories`.`parent_id`, `categories`.`label` FROM `categories` JOIN `tree` ON `categories`.`parent_id` = `tree`.`id`) SELECT `id`, `parent_id`, `label` FROM `tree`

-- recursive common table that grows
WITH RECURSIVE `chain`(`id`, `name`) AS (SELECT `id`, `name` FROM `authors` UNION ALL SELECT `id` + ?, CONCAT(`name`, ?) FROM `chain` WHERE `id` < ?) SELECT `id`, `name` FROM `chain`

-- recursive common table that limits each step
-- refused, unsupported_feature: MariaDB has no groups, order, limits, windows and set operations in the recursive part of a common table; say them in the query around it

-- common table that writes
-- refused, unsupported_feature: MariaDB has no common tables that write; run the write with returning(), then the query

-- insert from a common table that writes
-- refused, unsupported_feature: MariaDB has no common tables that write; run the write with returning(), then the query

-- list of values
SELECT `books`.`title`, `wanted`.`least` FROM `books` JOIN (SELECT CAST(? AS SIGNED) AS `author`, CAST(? AS DECIMAL(65, 30)) AS `least` UNION ALL SELECT CAST(? AS SIGNED), CAST(? AS DECIMAL(65, 30))) AS `wanted` ON `wanted`.`author` = `books`.`author_id` AND `books`.`price` > `wanted`.`least`

-- running total
SELECT sum(`price`) OVER (PARTITION BY `author_id` ORDER BY `published` ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) FROM `books`

-- running total of integers
SELECT CAST(sum(`author_id`) OVER (ORDER BY `author_id`) AS SIGNED) FROM `books`

-- moving average
-- refused, unsupported_feature: MariaDB has no frames that begin or end at a bound distance, only at one in the statement's text

-- groups without ties
-- refused, unsupported_feature: MariaDB has no frames of groups; use rows or range

-- range
-- refused, unsupported_feature: MariaDB has no frames that begin or end at a bound distance, only at one in the statement's text

-- range over decimals
-- refused, unsupported_feature: MariaDB has no frames that begin or end at a bound distance, only at one in the statement's text

-- lag
SELECT lag(`price`, ?) OVER (ORDER BY `price`) FROM `books`

-- window over aggregates
SELECT CAST(sum(count(*)) OVER () AS SIGNED) FROM `books`

-- named window
SELECT rank() OVER `by_author`, CAST(sum(`pages`) OVER `by_author` AS SIGNED) FROM `books` WINDOW `by_author` AS (PARTITION BY `author_id` ORDER BY `price`)

-- filtered window
SELECT count(CASE WHEN `pages` > ? THEN 1 END) OVER (PARTITION BY `author_id`) FROM `books`

-- set operation
SELECT `title`, `price` FROM `books` WHERE `author_id` = ? UNION SELECT `title`, `price` FROM `books` WHERE `author_id` = ?

-- set operation
SELECT `title`, `price` FROM `books` WHERE `author_id` = ? UNION ALL SELECT `title`, `price` FROM `books` WHERE `author_id` = ?

-- set operation
SELECT `title`, `price` FROM `books` WHERE `author_id` = ? INTERSECT SELECT `title`, `price` FROM `books` WHERE `author_id` = ?

-- set operation
SELECT `title`, `price` FROM `books` WHERE `author_id` = ? INTERSECT ALL SELECT `title`, `price` FROM `books` WHERE `author_id` = ?

-- set operation
SELECT `title`, `price` FROM `books` WHERE `author_id` = ? EXCEPT SELECT `title`, `price` FROM `books` WHERE `author_id` = ?

-- set operation
SELECT `title`, `price` FROM `books` WHERE `author_id` = ? EXCEPT ALL SELECT `title`, `price` FROM `books` WHERE `author_id` = ?

-- set operation ordered and limited
SELECT `title`, `price` FROM `books` WHERE `author_id` = ? UNION ALL SELECT `title`, `price` FROM `books` WHERE `author_id` = ? ORDER BY 2 DESC, 1 LIMIT ?

-- set operation of limited queries
(SELECT `title`, `price` FROM `books` WHERE `author_id` = ? ORDER BY `price` LIMIT ?) UNION ALL SELECT `title`, `price` FROM `books` WHERE `author_id` = ?

-- insert of a set operation ignoring conflicts
INSERT INTO `authors` (`name`) SELECT `label` FROM `categories` UNION SELECT `label` FROM `categories` ON DUPLICATE KEY UPDATE `id` = `authors`.`id`

-- nested set operation
(SELECT `title`, `price` FROM `books` WHERE `author_id` = ? UNION SELECT `title`, `price` FROM `books` WHERE `author_id` = ?) EXCEPT SELECT `title`, `price` FROM `books` WHERE `author_id` = ?

-- set operation as a subquery
SELECT sum(`price`) FROM (SELECT `title`, `price` FROM `books` WHERE `author_id` = ? UNION SELECT `title`, `price` FROM `books` WHERE `author_id` = ?) AS `rows`

-- set operation ordered by something else
-- refused, query: a set operation can only be ordered by what its first query selects, not by books.pages

-- rollup
-- refused, unsupported_feature: MariaDB has no grouping sets, rollup and cube; combine grouped queries with union_all

-- cube
-- refused, unsupported_feature: MariaDB has no grouping sets, rollup and cube; combine grouped queries with union_all

-- grouping sets
-- refused, unsupported_feature: MariaDB has no grouping sets, rollup and cube; combine grouped queries with union_all

-- grouped by an expression that holds a value
SELECT `price` * ?, count(*) FROM `books` GROUP BY 1 ORDER BY 1 DESC

-- ordered aggregate
-- refused, unsupported_feature: MariaDB has no order inside aggregates; aggregate the rows of an ordered subquery

-- percentile
-- refused, unsupported_feature: MariaDB has no WITHIN GROUP; number the rows with row_number and pick one of them

-- full join
-- refused, unsupported_feature: MariaDB has no right and full joins; start from the other table with left_join, and combine two queries with union_all for a full join

-- right join
-- refused, unsupported_feature: MariaDB has no right and full joins; start from the other table with left_join, and combine two queries with union_all for a full join

-- cross join
SELECT `books`.`title`, `authors`.`name` FROM `books` CROSS JOIN `authors`

-- json set
SELECT JSON_SET(`details`, CONCAT('$', '.', JSON_QUOTE(?), '[', ?, ']'), JSON_EXTRACT(?, '$')) FROM `books`

-- json remove
SELECT JSON_REMOVE(`details`, CONCAT('$', '.', JSON_QUOTE(?), '.', JSON_QUOTE(?))) FROM `books`

-- json contains
SELECT JSON_CONTAINS(`details`, JSON_EXTRACT(?, '$')) FROM `books`

-- json array of titles
SELECT JSON_ARRAYAGG(`title`) FROM `books`

-- json object of pages
SELECT JSON_OBJECTAGG((`title`) COLLATE utf8mb4_bin, `pages`) FROM `books`

-- array contains
SELECT JSON_CONTAINS(JSON_EXTRACT(?, '$'), JSON_ARRAY(`title`)) FROM `books`

-- array contains all
SELECT JSON_CONTAINS(JSON_EXTRACT(?, '$'), JSON_EXTRACT(?, '$')) FROM `books`

-- arrays overlap
SELECT JSON_OVERLAPS(JSON_EXTRACT(?, '$'), JSON_EXTRACT(?, '$')) FROM `books`

-- array length
SELECT JSON_LENGTH(JSON_EXTRACT(?, '$')) FROM `books`

-- array element
SELECT CASE WHEN JSON_TYPE(JSON_EXTRACT(JSON_EXTRACT(?, '$'), CONCAT('$', '[', ?, ']'))) <> 'NULL' THEN JSON_UNQUOTE(JSON_EXTRACT(JSON_EXTRACT(?, '$'), CONCAT('$', '[', ?, ']'))) END FROM `books`

-- array of titles
SELECT JSON_ARRAYAGG(`title`) FROM `books`

-- regular expression
SELECT (`title` REGEXP CONCAT('(?-i)', ?)) FROM `books`

-- text search
-- refused, unsupported_feature: MariaDB has no text search without an index for it; use ilike, or raw SQL over such an index

-- text search by an index
-- refused, unsupported_feature: MariaDB has no text search without an index for it; use ilike, or raw SQL over such an index

-- text search in another language
-- refused, unsupported_feature: MariaDB has no text search without an index for it; use ilike, or raw SQL over such an index

-- text rank
-- refused, unsupported_feature: MariaDB has no text search without an index for it; use ilike, or raw SQL over such an index

-- text highlight
-- refused, unsupported_feature: MariaDB has no text_highlight; compute it where the rows are read, or say it in raw SQL

-- text snippet
-- refused, unsupported_feature: MariaDB has no text_snippet; compute it where the rows are read, or say it in raw SQL

-- update from
-- refused, unsupported_feature: MariaDB has no RETURNING here; select the rows again by their key, in the same transaction

-- update from lists
-- refused, unsupported_feature: MariaDB has no RETURNING here; select the rows again by their key, in the same transaction

-- delete using
DELETE FROM `books` WHERE EXISTS (SELECT 1 FROM `authors` WHERE `authors`.`id` = `books`.`author_id` AND `authors`.`id` = ?)

