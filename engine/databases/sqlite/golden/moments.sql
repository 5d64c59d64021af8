-- extract_year of date
SELECT CAST(substr("a_date", 1, 4) AS INTEGER) FROM "shelves"

-- extract_quarter of date
SELECT ((CAST(substr("a_date", 6, 2) AS INTEGER) + 2) / 3) FROM "shelves"

-- extract_month of date
SELECT CAST(substr("a_date", 6, 2) AS INTEGER) FROM "shelves"

-- extract_week of date
SELECT ((CAST(strftime('%j', substr("a_date", 1, 10), '-3 days', 'weekday 4') AS INTEGER) - 1) / 7 + 1) FROM "shelves"

-- extract_weekday of date
SELECT ((CAST(strftime('%w', substr("a_date", 1, 10)) AS INTEGER) + 6) % 7 + 1) FROM "shelves"

-- extract_day of date
SELECT CAST(substr("a_date", 9, 2) AS INTEGER) FROM "shelves"

-- extract_day_of_year of date
SELECT CAST(strftime('%j', substr("a_date", 1, 10)) AS INTEGER) FROM "shelves"

-- truncate_year of date
SELECT (substr("a_date", 1, 4) || '-01-01') FROM "shelves"

-- truncate_quarter of date
SELECT (substr("a_date", 1, 5) || printf('%02d', (CAST(substr("a_date", 6, 2) AS INTEGER) - 1) / 3 * 3 + 1) || '-01') FROM "shelves"

-- truncate_month of date
SELECT (substr("a_date", 1, 7) || '-01') FROM "shelves"

-- truncate_week of date
SELECT (date(substr("a_date", 1, 10), 'weekday 0', '-6 days')) FROM "shelves"

-- truncate_day of date
SELECT (substr("a_date", 1, 10)) FROM "shelves"

-- add_days of date
SELECT bridge_moment_add("a_date", (?) * 86400000000) FROM "shelves"

-- add_months of date
SELECT bridge_moment_add_months("a_date", ?) FROM "shelves"

-- span added to date
SELECT bridge_moment_add("a_date" || ' 00:00:00.000000', (?)) FROM "shelves"

-- extract_year of timestamp
SELECT CAST(substr("a_timestamp", 1, 4) AS INTEGER) FROM "shelves"

-- extract_quarter of timestamp
SELECT ((CAST(substr("a_timestamp", 6, 2) AS INTEGER) + 2) / 3) FROM "shelves"

-- extract_month of timestamp
SELECT CAST(substr("a_timestamp", 6, 2) AS INTEGER) FROM "shelves"

-- extract_week of timestamp
SELECT ((CAST(strftime('%j', substr("a_timestamp", 1, 10), '-3 days', 'weekday 4') AS INTEGER) - 1) / 7 + 1) FROM "shelves"

-- extract_weekday of timestamp
SELECT ((CAST(strftime('%w', substr("a_timestamp", 1, 10)) AS INTEGER) + 6) % 7 + 1) FROM "shelves"

-- extract_day of timestamp
SELECT CAST(substr("a_timestamp", 9, 2) AS INTEGER) FROM "shelves"

-- extract_day_of_year of timestamp
SELECT CAST(strftime('%j', substr("a_timestamp", 1, 10)) AS INTEGER) FROM "shelves"

-- truncate_year of timestamp
SELECT (substr("a_timestamp", 1, 4) || '-01-01' || ' 00:00:00.000000') FROM "shelves"

-- truncate_quarter of timestamp
SELECT (substr("a_timestamp", 1, 5) || printf('%02d', (CAST(substr("a_timestamp", 6, 2) AS INTEGER) - 1) / 3 * 3 + 1) || '-01' || ' 00:00:00.000000') FROM "shelves"

-- truncate_month of timestamp
SELECT (substr("a_timestamp", 1, 7) || '-01' || ' 00:00:00.000000') FROM "shelves"

-- truncate_week of timestamp
SELECT (date(substr("a_timestamp", 1, 10), 'weekday 0', '-6 days') || ' 00:00:00.000000') FROM "shelves"

-- truncate_day of timestamp
SELECT (substr("a_timestamp", 1, 10) || ' 00:00:00.000000') FROM "shelves"

-- add_days of timestamp
SELECT bridge_moment_add("a_timestamp", (?) * 86400000000) FROM "shelves"

-- add_months of timestamp
SELECT bridge_moment_add_months("a_timestamp", ?) FROM "shelves"

-- span added to timestamp
SELECT bridge_moment_add("a_timestamp", (?)) FROM "shelves"

-- extract_year of timestamp_utc
SELECT CAST(substr("a_timestamp_utc", 1, 4) AS INTEGER) FROM "shelves"

-- extract_quarter of timestamp_utc
SELECT ((CAST(substr("a_timestamp_utc", 6, 2) AS INTEGER) + 2) / 3) FROM "shelves"

-- extract_month of timestamp_utc
SELECT CAST(substr("a_timestamp_utc", 6, 2) AS INTEGER) FROM "shelves"

-- extract_week of timestamp_utc
SELECT ((CAST(strftime('%j', substr("a_timestamp_utc", 1, 10), '-3 days', 'weekday 4') AS INTEGER) - 1) / 7 + 1) FROM "shelves"

-- extract_weekday of timestamp_utc
SELECT ((CAST(strftime('%w', substr("a_timestamp_utc", 1, 10)) AS INTEGER) + 6) % 7 + 1) FROM "shelves"

-- extract_day of timestamp_utc
SELECT CAST(substr("a_timestamp_utc", 9, 2) AS INTEGER) FROM "shelves"

-- extract_day_of_year of timestamp_utc
SELECT CAST(strftime('%j', substr("a_timestamp_utc", 1, 10)) AS INTEGER) FROM "shelves"

-- truncate_year of timestamp_utc
SELECT (substr("a_timestamp_utc", 1, 4) || '-01-01' || ' 00:00:00.000000' || '+00:00') FROM "shelves"

-- truncate_quarter of timestamp_utc
SELECT (substr("a_timestamp_utc", 1, 5) || printf('%02d', (CAST(substr("a_timestamp_utc", 6, 2) AS INTEGER) - 1) / 3 * 3 + 1) || '-01' || ' 00:00:00.000000' || '+00:00') FROM "shelves"

-- truncate_month of timestamp_utc
SELECT (substr("a_timestamp_utc", 1, 7) || '-01' || ' 00:00:00.000000' || '+00:00') FROM "shelves"

-- truncate_week of timestamp_utc
SELECT (date(substr("a_timestamp_utc", 1, 10), 'weekday 0', '-6 days') || ' 00:00:00.000000' || '+00:00') FROM "shelves"

-- truncate_day of timestamp_utc
SELECT (substr("a_timestamp_utc", 1, 10) || ' 00:00:00.000000' || '+00:00') FROM "shelves"

-- add_days of timestamp_utc
SELECT bridge_moment_add("a_timestamp_utc", (?) * 86400000000) FROM "shelves"

-- add_months of timestamp_utc
SELECT bridge_moment_add_months("a_timestamp_utc", ?) FROM "shelves"

-- span added to timestamp_utc
SELECT bridge_moment_add("a_timestamp_utc", (?)) FROM "shelves"

-- extract_hour of timestamp
SELECT CAST(substr("a_timestamp", 12, 2) AS INTEGER) FROM "shelves"

-- extract_minute of timestamp
SELECT CAST(substr("a_timestamp", 15, 2) AS INTEGER) FROM "shelves"

-- extract_second of timestamp
SELECT CAST(substr("a_timestamp", 18, 2) AS INTEGER) FROM "shelves"

-- truncate_hour of timestamp
SELECT (substr("a_timestamp", 1, 13) || ':00:00.000000') FROM "shelves"

-- truncate_minute of timestamp
SELECT (substr("a_timestamp", 1, 16) || ':00.000000') FROM "shelves"

-- span between two of timestamp
SELECT bridge_moment_difference("a_timestamp", "a_timestamp") FROM "shelves"

-- extract_hour of timestamp_utc
SELECT CAST(substr("a_timestamp_utc", 12, 2) AS INTEGER) FROM "shelves"

-- extract_minute of timestamp_utc
SELECT CAST(substr("a_timestamp_utc", 15, 2) AS INTEGER) FROM "shelves"

-- extract_second of timestamp_utc
SELECT CAST(substr("a_timestamp_utc", 18, 2) AS INTEGER) FROM "shelves"

-- truncate_hour of timestamp_utc
SELECT (substr("a_timestamp_utc", 1, 13) || ':00:00.000000' || '+00:00') FROM "shelves"

-- truncate_minute of timestamp_utc
SELECT (substr("a_timestamp_utc", 1, 16) || ':00.000000' || '+00:00') FROM "shelves"

-- span between two of timestamp_utc
SELECT bridge_moment_difference("a_timestamp_utc", "a_timestamp_utc") FROM "shelves"

-- days_between of date
SELECT (bridge_moment_difference("a_date", "a_date") / 86400000000) FROM "shelves"

