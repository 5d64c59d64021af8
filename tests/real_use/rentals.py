"""What the shop asks about its rentals and its till."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from bridgeorm import Query, case, func, select, values_list

from .question import question
from .sakila import Customer, Film, Inventory, Rental

CLOSING_DAY = date(2005, 9, 1)


@question(
    int,
    str,
    str,
    int,
    sql="""
    SELECT r.rental_id, c.last_name, f.title, days(r.rental_date, '2005-09-01') - f.rental_duration
    FROM rental r JOIN inventory i ON i.inventory_id = r.inventory_id JOIN film f ON f.film_id = i.film_id
    JOIN customer c ON c.customer_id = r.customer_id
    WHERE r.return_date IS NULL AND days(r.rental_date, '2005-09-01') > f.rental_duration
    ORDER BY r.rental_id LIMIT 25""",
)
def overdue() -> Query[Any]:
    """Which films are still out behind their time, with whom, and for how many days too long?"""
    out = func.days_between(Rental.rental_date, CLOSING_DAY)
    return (
        select(Rental.rental_id, Customer.last_name, Film.title, out - Film.rental_duration)
        .join(Rental.inventory)
        .join(Inventory.film)
        .join(Rental.customer)
        .where(Rental.return_date.is_null(), out > Film.rental_duration)
        .order_by(Rental.rental_id)
        .limit(25)
    )


@question(
    date,
    int,
    int,
    int,
    sql="""
    SELECT month(r.rental_date) AS m, COUNT(*),
      SUM(CASE WHEN days(r.rental_date, r.return_date) > f.rental_duration THEN 1 ELSE 0 END),
      SUM(CASE WHEN days(r.rental_date, r.return_date) > f.rental_duration THEN 1 ELSE 0 END) * 100 / COUNT(*)
    FROM rental r JOIN inventory i ON i.inventory_id = r.inventory_id JOIN film f ON f.film_id = i.film_id
    WHERE r.return_date IS NOT NULL GROUP BY 1 ORDER BY 1""",
)
def late_returns_by_month() -> Query[Any]:
    """How many of each month's rentals came back late, and what share is that in percent?"""
    month = func.date_trunc("month", Rental.rental_date).cast(date)
    late = func.sum(
        case((func.days_between(Rental.rental_date, Rental.return_date) > Film.rental_duration, 1), else_=0)
    )
    return (
        select(month, func.count(), late, late * 100 / func.count())
        .join(Rental.inventory)
        .join(Inventory.film)
        .where(Rental.return_date.is_not_null())
        .group_by(month)
        .order_by(month)
    )


@question(
    int,
    int,
    int,
    sql="""
    SELECT weekday(rental_date), hour(rental_date), COUNT(*) FROM rental
    GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2 LIMIT 12""",
)
def busiest_hours() -> Query[Any]:
    """At which hours of which days of the week is the shop fullest?"""
    weekday = func.extract("weekday", Rental.rental_date)
    hour = func.extract("hour", Rental.rental_date)
    count = func.count()
    return (
        select(weekday, hour, count).group_by(weekday, hour).order_by(count.desc(), weekday, hour).limit(12)
    )


@question(
    int,
    int,
    sql="""
    WITH n AS (SELECT rental_id, LEAD(rental_id) OVER (ORDER BY rental_id) AS following FROM rental)
    SELECT rental_id + 1, following - 1 FROM n WHERE following - rental_id > 1 ORDER BY 1""",
)
def gaps_in_receipts() -> Query[Any]:
    """Which numbers of receipts were never given out?"""
    following = func.lead(Rental.rental_id).over(order_by=Rental.rental_id).label("following")
    numbers = select(Rental.rental_id, following).subquery("numbers")
    number, behind = numbers[Rental.rental_id], numbers[following]
    return select(number + 1, behind - 1).where(behind - number > 1).order_by(number)


@question(
    int,
    date,
    date,
    int,
    sql="""
    WITH days_in AS (SELECT DISTINCT customer_id, day(rental_date) AS d FROM rental),
    marked AS (SELECT customer_id, d,
      days_later(d, - CAST(ROW_NUMBER() OVER (PARTITION BY customer_id ORDER BY d) AS integer)) AS island
      FROM days_in)
    SELECT customer_id, MIN(d), MAX(d), COUNT(*) FROM marked
    GROUP BY customer_id, island HAVING COUNT(*) >= 5 ORDER BY 1, 2""",
)
def daily_customers() -> Query[Any]:
    """Which customers came on five or more days in a row?"""
    day = Rental.rental_date.cast(date).label("day")
    visits = select(Rental.customer_id, day).distinct().subquery("visits")
    customer, visited = visits[Rental.customer_id], visits[day]
    place = func.row_number().over(partition_by=customer, order_by=visited)
    island = func.add_days(visited, -place).label("island")
    marked = select(customer, visited, island).subquery("marked")
    return (
        select(marked[customer], func.min(marked[visited]), func.max(marked[visited]), func.count())
        .group_by(marked[customer], marked[island])
        .having(func.count() >= 5)
        .order_by(marked[customer], func.min(marked[visited]))
    )


@question(
    date,
    int,
    int,
    sql="""
    WITH cohort AS (SELECT customer_id, MIN(month(rental_date)) AS begun FROM rental GROUP BY customer_id)
    SELECT begun, months_between(begun, month(r.rental_date)) AS age, COUNT(DISTINCT r.customer_id)
    FROM rental r JOIN cohort c ON c.customer_id = r.customer_id GROUP BY 1, 2 ORDER BY 1, 2""",
)
def retention_of_cohorts() -> Query[Any]:
    """Of the customers who first came in one month, how many came again after how many months?"""
    month = func.date_trunc("month", Rental.rental_date.cast(date))
    cohorts = (
        select(Rental.customer_id.label("customer"), func.min(month).label("begun"))
        .group_by(Rental.customer_id)
        .cte("cohorts")
    )
    begun = cohorts["begun"]
    years = func.extract("year", month) - func.extract("year", begun)
    age = years * 12 + func.extract("month", month) - func.extract("month", begun)
    return (
        select(begun, age, func.count(Rental.customer_id, distinct=True))
        .join(cohorts, on=cohorts["customer"] == Rental.customer_id)
        .group_by(begun, age)
        .order_by(begun, age)
    )


@question(
    date,
    int,
    sql="""
    WITH RECURSIVE calendar(d) AS (
      SELECT CAST('2005-05-20' AS date)
      UNION ALL SELECT days_later(d, 1) FROM calendar WHERE d < '2005-06-20')
    SELECT calendar.d, COUNT(r.rental_id) FROM calendar
    LEFT JOIN rental r ON day(r.rental_date) = calendar.d GROUP BY calendar.d ORDER BY calendar.d""",
    sqlite="""
    WITH RECURSIVE calendar(d) AS (
      SELECT '2005-05-20' UNION ALL SELECT days_later(d, 1) FROM calendar WHERE d < '2005-06-20')
    SELECT calendar.d, COUNT(r.rental_id) FROM calendar
    LEFT JOIN rental r ON day(r.rental_date) = calendar.d GROUP BY calendar.d ORDER BY calendar.d""",
)
def every_day_of_the_calendar() -> Query[Any]:
    """How many rentals began on each day of a month, days without any included?"""
    begin = values_list("begin", {"day": date}, [(date(2005, 5, 20),)])
    calendar = select(begin.column("day", date).label("day")).cte(
        "calendar",
        recursive=lambda known: select(func.add_days(known["day"], 1)).where(
            known["day"] < date(2005, 6, 20)
        ),
    )
    day = calendar["day"]
    return (
        select(day, func.count(Rental.rental_id))
        .left_join(Rental, on=Rental.rental_date.cast(date) == day)
        .group_by(day)
        .order_by(day)
    )


@question(
    int,
    str,
    datetime,
    sql="""
    WITH ranked AS (SELECT customer_id, rental_id, rental_date,
      ROW_NUMBER() OVER (PARTITION BY customer_id ORDER BY rental_date DESC, rental_id DESC) AS place
      FROM rental)
    SELECT c.customer_id, c.last_name, ranked.rental_date FROM customer c
    JOIN ranked ON ranked.customer_id = c.customer_id AND place = 1 ORDER BY c.customer_id LIMIT 40""",
)
def latest_visit() -> Query[Any]:
    """When did each customer last rent something?"""
    place = (
        func.row_number()
        .over(partition_by=Rental.customer_id, order_by=[Rental.rental_date.desc(), Rental.rental_id.desc()])
        .label("place")
    )
    ranked = select(Rental, place).subquery("ranked")
    last = ranked[Rental]
    return (
        select(Customer.customer_id, Customer.last_name, last.rental_date)
        .join(last, on=last.customer_id == Customer.customer_id)
        .where(ranked[place] == 1)
        .order_by(Customer.customer_id)
        .limit(40)
    )


@question(
    int,
    int,
    capability="distinct_on",
    sql="""
    SELECT DISTINCT ON (customer_id) customer_id, rental_id FROM rental
    ORDER BY customer_id, rental_date DESC, rental_id DESC""",
)
def latest_rental_by_distinct_on() -> Query[Any]:
    """The same as a row of each customer only."""
    return (
        select(Rental.customer_id, Rental.rental_id)
        .distinct(Rental.customer_id)
        .order_by(Rental.customer_id, Rental.rental_date.desc(), Rental.rental_id.desc())
    )
