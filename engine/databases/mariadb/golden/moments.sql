-- extract_year of date
SELECT YEAR(`a_date`) FROM `shelves`

-- extract_quarter of date
SELECT QUARTER(`a_date`) FROM `shelves`

-- extract_month of date
SELECT MONTH(`a_date`) FROM `shelves`

-- extract_week of date
SELECT WEEK(`a_date`, 3) FROM `shelves`

-- extract_weekday of date
SELECT (WEEKDAY(`a_date`) + 1) FROM `shelves`

-- extract_day of date
SELECT DAYOFMONTH(`a_date`) FROM `shelves`

-- extract_day_of_year of date
SELECT DAYOFYEAR(`a_date`) FROM `shelves`

-- truncate_year of date
SELECT SUBDATE(DATE(`a_date`), INTERVAL DAYOFYEAR(`a_date`) - 1 DAY) FROM `shelves`

-- truncate_quarter of date
SELECT SUBDATE(SUBDATE(DATE(`a_date`), INTERVAL DAYOFMONTH(`a_date`) - 1 DAY), INTERVAL (MONTH(`a_date`) - 1) % 3 MONTH) FROM `shelves`

-- truncate_month of date
SELECT SUBDATE(DATE(`a_date`), INTERVAL DAYOFMONTH(`a_date`) - 1 DAY) FROM `shelves`

-- truncate_week of date
SELECT SUBDATE(DATE(`a_date`), INTERVAL WEEKDAY(`a_date`) DAY) FROM `shelves`

-- truncate_day of date
SELECT DATE(`a_date`) FROM `shelves`

-- add_days of date
SELECT CAST(COALESCE(ADDDATE(CAST(`a_date` AS DATETIME(6)), INTERVAL (?) DAY), (9223372036854775807 + (1 + CHAR_LENGTH(CONCAT('', `a_date`, ?))))) AS DATE) FROM `shelves`

-- add_months of date
SELECT CAST(COALESCE(ADDDATE(CAST(`a_date` AS DATETIME(6)), INTERVAL (?) MONTH), (9223372036854775807 + (1 + CHAR_LENGTH(CONCAT('', `a_date`, ?))))) AS DATE) FROM `shelves`

-- span added to date
SELECT CAST(COALESCE(ADDDATE(CAST(`a_date` AS DATETIME(6)), INTERVAL (?) MICROSECOND), (9223372036854775807 + (1 + CHAR_LENGTH(CONCAT('', `a_date`, ?))))) AS DATETIME(6)) FROM `shelves`

-- extract_year of timestamp
SELECT YEAR(`a_timestamp`) FROM `shelves`

-- extract_quarter of timestamp
SELECT QUARTER(`a_timestamp`) FROM `shelves`

-- extract_month of timestamp
SELECT MONTH(`a_timestamp`) FROM `shelves`

-- extract_week of timestamp
SELECT WEEK(`a_timestamp`, 3) FROM `shelves`

-- extract_weekday of timestamp
SELECT (WEEKDAY(`a_timestamp`) + 1) FROM `shelves`

-- extract_day of timestamp
SELECT DAYOFMONTH(`a_timestamp`) FROM `shelves`

-- extract_day_of_year of timestamp
SELECT DAYOFYEAR(`a_timestamp`) FROM `shelves`

-- truncate_year of timestamp
SELECT CAST(SUBDATE(DATE(`a_timestamp`), INTERVAL DAYOFYEAR(`a_timestamp`) - 1 DAY) AS DATETIME(6)) FROM `shelves`

-- truncate_quarter of timestamp
SELECT CAST(SUBDATE(SUBDATE(DATE(`a_timestamp`), INTERVAL DAYOFMONTH(`a_timestamp`) - 1 DAY), INTERVAL (MONTH(`a_timestamp`) - 1) % 3 MONTH) AS DATETIME(6)) FROM `shelves`

-- truncate_month of timestamp
SELECT CAST(SUBDATE(DATE(`a_timestamp`), INTERVAL DAYOFMONTH(`a_timestamp`) - 1 DAY) AS DATETIME(6)) FROM `shelves`

-- truncate_week of timestamp
SELECT CAST(SUBDATE(DATE(`a_timestamp`), INTERVAL WEEKDAY(`a_timestamp`) DAY) AS DATETIME(6)) FROM `shelves`

-- truncate_day of timestamp
SELECT CAST(DATE(`a_timestamp`) AS DATETIME(6)) FROM `shelves`

-- add_days of timestamp
SELECT CAST(COALESCE(ADDDATE(CAST(`a_timestamp` AS DATETIME(6)), INTERVAL (?) DAY), (9223372036854775807 + (1 + CHAR_LENGTH(CONCAT('', `a_timestamp`, ?))))) AS DATETIME(6)) FROM `shelves`

-- add_months of timestamp
SELECT CAST(COALESCE(ADDDATE(CAST(`a_timestamp` AS DATETIME(6)), INTERVAL (?) MONTH), (9223372036854775807 + (1 + CHAR_LENGTH(CONCAT('', `a_timestamp`, ?))))) AS DATETIME(6)) FROM `shelves`

-- span added to timestamp
SELECT CAST(COALESCE(ADDDATE(CAST(`a_timestamp` AS DATETIME(6)), INTERVAL (?) MICROSECOND), (9223372036854775807 + (1 + CHAR_LENGTH(CONCAT('', `a_timestamp`, ?))))) AS DATETIME(6)) FROM `shelves`

-- extract_year of timestamp_utc
SELECT YEAR(`a_timestamp_utc`) FROM `shelves`

-- extract_quarter of timestamp_utc
SELECT QUARTER(`a_timestamp_utc`) FROM `shelves`

-- extract_month of timestamp_utc
SELECT MONTH(`a_timestamp_utc`) FROM `shelves`

-- extract_week of timestamp_utc
SELECT WEEK(`a_timestamp_utc`, 3) FROM `shelves`

-- extract_weekday of timestamp_utc
SELECT (WEEKDAY(`a_timestamp_utc`) + 1) FROM `shelves`

-- extract_day of timestamp_utc
SELECT DAYOFMONTH(`a_timestamp_utc`) FROM `shelves`

-- extract_day_of_year of timestamp_utc
SELECT DAYOFYEAR(`a_timestamp_utc`) FROM `shelves`

-- truncate_year of timestamp_utc
SELECT CAST(SUBDATE(DATE(`a_timestamp_utc`), INTERVAL DAYOFYEAR(`a_timestamp_utc`) - 1 DAY) AS DATETIME(6)) FROM `shelves`

-- truncate_quarter of timestamp_utc
SELECT CAST(SUBDATE(SUBDATE(DATE(`a_timestamp_utc`), INTERVAL DAYOFMONTH(`a_timestamp_utc`) - 1 DAY), INTERVAL (MONTH(`a_timestamp_utc`) - 1) % 3 MONTH) AS DATETIME(6)) FROM `shelves`

-- truncate_month of timestamp_utc
SELECT CAST(SUBDATE(DATE(`a_timestamp_utc`), INTERVAL DAYOFMONTH(`a_timestamp_utc`) - 1 DAY) AS DATETIME(6)) FROM `shelves`

-- truncate_week of timestamp_utc
SELECT CAST(SUBDATE(DATE(`a_timestamp_utc`), INTERVAL WEEKDAY(`a_timestamp_utc`) DAY) AS DATETIME(6)) FROM `shelves`

-- truncate_day of timestamp_utc
SELECT CAST(DATE(`a_timestamp_utc`) AS DATETIME(6)) FROM `shelves`

-- add_days of timestamp_utc
SELECT CAST(COALESCE(ADDDATE(CAST(`a_timestamp_utc` AS DATETIME(6)), INTERVAL (?) DAY), (9223372036854775807 + (1 + CHAR_LENGTH(CONCAT('', `a_timestamp_utc`, ?))))) AS DATETIME(6)) FROM `shelves`

-- add_months of timestamp_utc
SELECT CAST(COALESCE(ADDDATE(CAST(`a_timestamp_utc` AS DATETIME(6)), INTERVAL (?) MONTH), (9223372036854775807 + (1 + CHAR_LENGTH(CONCAT('', `a_timestamp_utc`, ?))))) AS DATETIME(6)) FROM `shelves`

-- span added to timestamp_utc
SELECT CAST(COALESCE(ADDDATE(CAST(`a_timestamp_utc` AS DATETIME(6)), INTERVAL (?) MICROSECOND), (9223372036854775807 + (1 + CHAR_LENGTH(CONCAT('', `a_timestamp_utc`, ?))))) AS DATETIME(6)) FROM `shelves`

-- extract_hour of timestamp
SELECT HOUR(`a_timestamp`) FROM `shelves`

-- extract_minute of timestamp
SELECT MINUTE(`a_timestamp`) FROM `shelves`

-- extract_second of timestamp
SELECT SECOND(`a_timestamp`) FROM `shelves`

-- truncate_hour of timestamp
SELECT SUBDATE(CAST(`a_timestamp` AS DATETIME(6)), INTERVAL MINUTE(`a_timestamp`) * 60000000 + SECOND(`a_timestamp`) * 1000000 + MICROSECOND(`a_timestamp`) MICROSECOND) FROM `shelves`

-- truncate_minute of timestamp
SELECT SUBDATE(CAST(`a_timestamp` AS DATETIME(6)), INTERVAL SECOND(`a_timestamp`) * 1000000 + MICROSECOND(`a_timestamp`) MICROSECOND) FROM `shelves`

-- span between two of timestamp
SELECT TIMESTAMPDIFF(MICROSECOND, `a_timestamp`, `a_timestamp`) FROM `shelves`

-- extract_hour of timestamp_utc
SELECT HOUR(`a_timestamp_utc`) FROM `shelves`

-- extract_minute of timestamp_utc
SELECT MINUTE(`a_timestamp_utc`) FROM `shelves`

-- extract_second of timestamp_utc
SELECT SECOND(`a_timestamp_utc`) FROM `shelves`

-- truncate_hour of timestamp_utc
SELECT SUBDATE(CAST(`a_timestamp_utc` AS DATETIME(6)), INTERVAL MINUTE(`a_timestamp_utc`) * 60000000 + SECOND(`a_timestamp_utc`) * 1000000 + MICROSECOND(`a_timestamp_utc`) MICROSECOND) FROM `shelves`

-- truncate_minute of timestamp_utc
SELECT SUBDATE(CAST(`a_timestamp_utc` AS DATETIME(6)), INTERVAL SECOND(`a_timestamp_utc`) * 1000000 + MICROSECOND(`a_timestamp_utc`) MICROSECOND) FROM `shelves`

-- span between two of timestamp_utc
SELECT TIMESTAMPDIFF(MICROSECOND, `a_timestamp_utc`, `a_timestamp_utc`) FROM `shelves`

-- days_between of date
SELECT DATEDIFF(`a_date`, `a_date`) FROM `shelves`

