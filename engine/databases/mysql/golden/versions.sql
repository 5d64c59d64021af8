-- as of a revision
-- refused, unsupported_feature: MySQL has no as_of: it keeps no former states of its rows; keep them in a table of their own

-- as of a moment
-- refused, unsupported_feature: MySQL has no as_of: it keeps no former states of its rows; keep them in a table of their own

-- as of what all replicas have
-- refused, unsupported_feature: MySQL has no as_of: it keeps no former states of its rows; keep them in a table of their own

-- as of, with joins and subqueries
-- refused, unsupported_feature: MySQL has no as_of: it keeps no former states of its rows; keep them in a table of their own

-- as of in a subquery alone
-- refused, unsupported_feature: MySQL has no as_of: it keeps no former states of its rows; keep them in a table of their own

-- log
-- refused, unsupported_feature: MySQL has no version control: its rows have no history to read

-- differences
-- refused, unsupported_feature: MySQL has no version control: its rows have no history to read

-- branches
-- refused, unsupported_feature: MySQL has no version control: its rows have no history to read

-- conflicts
-- refused, unsupported_feature: MySQL has no version control: its rows have no history to read

-- keep a version
-- refused, unsupported_feature: MySQL has no version control: branches, commits and merges of its rows

-- merge
-- refused, unsupported_feature: MySQL has no version control: branches, commits and merges of its rows

-- delete a branch
-- refused, unsupported_feature: MySQL has no version control: branches, commits and merges of its rows

-- reset
-- refused, unsupported_feature: MySQL has no version control: branches, commits and merges of its rows

-- stage
-- refused, unsupported_feature: MySQL has no version control: branches, commits and merges of its rows

-- tag
-- refused, unsupported_feature: MySQL has no version control: branches, commits and merges of its rows

