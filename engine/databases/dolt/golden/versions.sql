-- as of a revision
SELECT `name` FROM `authors` AS OF 'main~1'

-- as of a moment
SELECT `name` FROM `authors` AS OF TIMESTAMP('2024-02-29 12:00:00.000001')

-- as of what all replicas have
-- refused, unsupported_feature: Dolt has no follower reads; say as_of a revision or a moment

-- as of, with joins and subqueries
SELECT `authors`.`name` FROM `authors` AS OF TIMESTAMP('2024-02-29 12:00:00.000001') JOIN `authors` AS OF TIMESTAMP('2024-02-29 12:00:00.000001') AS `authors_2` ON `authors`.`id` = `authors_2`.`id` WHERE `authors`.`id` IN (SELECT `books_2`.`author_id` FROM `books` AS OF TIMESTAMP('2024-02-29 12:00:00.000001') AS `books_2`)

-- as of in a subquery alone
SELECT `name` FROM (SELECT `name` FROM `authors` AS OF TIMESTAMP('2024-02-29 12:00:00.000001')) AS `before`

-- log
SELECT `to_id` FROM dolt_log('main') AS `versions`

-- differences
SELECT `to_id` FROM dolt_diff('main', 'feature/x', 'books') AS `versions`

-- branches
SELECT `to_id` FROM dolt_branches AS `versions`

-- conflicts
SELECT `to_id` FROM dolt_preview_merge_conflicts('main', 'feature/x', 'books') AS `versions`

-- keep a version
CALL DOLT_COMMIT('--message', ?, '--author', ?, '-A')

-- merge
CALL DOLT_MERGE('--no-ff', ?)

-- delete a branch
CALL DOLT_BRANCH('-f', '-d', ?)

-- reset
CALL DOLT_RESET('--hard')

-- stage
CALL DOLT_ADD('-A')

-- tag
CALL DOLT_TAG(?)

