"""What the shop asks about its rentals and its till."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from bridgeorm import Query, case, func, optional, select, values_list, window

from .question import question
from .sakila import Category, Customer, Film, FilmCategory, Inventory, Payment, Rental, Staff

CLOSING_DAY = date(2005, 9, 1)
PAID_ON = Payment.payment_date.cast(date)


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
    date,
    Decimal,
    Decimal,
    sql="""
    SELECT month(payment_date), SUM(amount), SUM(SUM(amount)) OVER (ORDER BY month(payment_date))
    FROM payment GROUP BY month(payment_date) ORDER BY 1""",
    sqlite="""
    WITH m AS (SELECT month(payment_date) AS m, SUM(amount) AS s FROM payment GROUP BY 1)
    SELECT m, s, SUM(s) OVER (ORDER BY m) FROM m ORDER BY 1""",
)
def takings_so_far() -> Query[Any]:
    """What was taken each month, and since the beginning?"""
    monthly = (
        select(func.date_trunc("month", PAID_ON).label("month"), func.sum(Payment.amount).label("taken"))
        .group_by(func.date_trunc("month", PAID_ON))
        .cte("monthly")
    )
    month, taken = monthly["month"], monthly["taken"]
    return select(month, taken, func.sum(taken).over(order_by=month)).order_by(month)


@question(
    str,
    date,
    int,
    Decimal,
    Decimal,
    int,
    sql="""
    WITH spent AS (
      SELECT c.name AS category, month(p.payment_date) AS m, p.customer_id, SUM(p.amount) AS total
      FROM payment p JOIN rental r ON r.rental_id = p.rental_id
      JOIN inventory i ON i.inventory_id = r.inventory_id
      JOIN film_category fc ON fc.film_id = i.film_id JOIN category c ON c.category_id = fc.category_id
      GROUP BY 1, 2, 3),
    ranked AS (
      SELECT *, SUM(total) OVER (PARTITION BY category, customer_id ORDER BY m) AS so_far,
        ROW_NUMBER() OVER (PARTITION BY category, m ORDER BY total DESC, customer_id) AS place FROM spent)
    SELECT category, m, customer_id, total, so_far, place FROM ranked WHERE place <= 3
    ORDER BY category, m, place""",
    sqlite="""
    WITH spent AS (
      SELECT c.name AS category, month(p.payment_date) AS m, p.customer_id, SUM(p.amount) AS total
      FROM payment p JOIN rental r ON r.rental_id = p.rental_id
      JOIN inventory i ON i.inventory_id = r.inventory_id
      JOIN film_category fc ON fc.film_id = i.film_id JOIN category c ON c.category_id = fc.category_id
      GROUP BY 1, 2, 3),
    ranked AS (
      SELECT *, SUM(total) OVER (PARTITION BY category, customer_id ORDER BY m) AS so_far, ROW_NUMBER() OVER
        (PARTITION BY category, m ORDER BY total COLLATE bridge_decimal DESC, customer_id) AS place FROM spent)
    SELECT category, m, customer_id, total, so_far, place FROM ranked WHERE place <= 3
    ORDER BY category, m, place""",
)
def best_customers_of_each_category_and_month() -> Query[Any]:
    """Who are the three best customers of each category in each month, and what did they spend on it so far?"""
    month = func.date_trunc("month", PAID_ON)
    spent = (
        select(
            Category.name.label("category"),
            month.label("month"),
            Payment.customer_id.label("customer"),
            func.sum(Payment.amount).label("total"),
        )
        .join(Payment.rental)
        .join(Rental.inventory)
        .join(FilmCategory, on=FilmCategory.film_id == Inventory.film_id)
        .join(Category, on=Category.category_id == FilmCategory.category_id)
        .group_by(Category.name, month, Payment.customer_id)
        .cte("spent")
    )
    category, paid, customer, total = (spent[name] for name in ("category", "month", "customer", "total"))
    so_far = func.sum(total).over(partition_by=[category, customer], order_by=paid).label("so_far")
    place = (
        func.row_number()
        .over(partition_by=[category, paid], order_by=[total.desc(), customer])
        .label("place")
    )
    ranked = select(category, paid, customer, total, so_far, place).subquery("ranked")
    return (
        select(*(ranked[each] for each in (category, paid, customer, total, so_far, place)))
        .where(ranked[place] <= 3)
        .order_by(ranked[category], ranked[paid], ranked[place])
    )


@question(
    date,
    Decimal,
    Decimal,
    sql="""
    WITH daily AS (SELECT day(payment_date) AS d, SUM(amount) AS s FROM payment GROUP BY 1)
    SELECT d, s, SUM(s) OVER (ORDER BY d ROWS BETWEEN 6 PRECEDING AND CURRENT ROW) FROM daily ORDER BY d""",
)
def takings_of_seven_days() -> Query[Any]:
    """What was taken on each day, and in the seven business days up to it?"""
    daily = (
        select(PAID_ON.label("day"), func.sum(Payment.amount).label("taken")).group_by(PAID_ON).cte("daily")
    )
    return select(
        daily["day"], daily["taken"], func.sum(daily["taken"]).over(order_by=daily["day"], rows=(-6, 0))
    ).order_by(daily["day"])


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
    str,
    Decimal,
    sql="""
    WITH placed AS (SELECT s.username AS clerk, p.amount,
      ROW_NUMBER() OVER (PARTITION BY s.username ORDER BY p.amount, p.payment_id) AS place,
      COUNT(*) OVER (PARTITION BY s.username) AS total
      FROM payment p JOIN staff s ON s.staff_id = p.staff_id)
    SELECT clerk, mean(amount) FROM placed WHERE place * 2 BETWEEN total AND total + 2
    GROUP BY clerk ORDER BY clerk""",
    sqlite="""
    WITH placed AS (SELECT s.username AS clerk, p.amount,
      ROW_NUMBER() OVER
        (PARTITION BY s.username ORDER BY p.amount COLLATE bridge_decimal, p.payment_id) AS place,
      COUNT(*) OVER (PARTITION BY s.username) AS total
      FROM payment p JOIN staff s ON s.staff_id = p.staff_id)
    SELECT clerk, mean(amount) FROM placed WHERE place * 2 BETWEEN total AND total + 2
    GROUP BY clerk ORDER BY clerk""",
)
def median_payment() -> Query[Any]:
    """What is the median of the payments each clerk took?"""
    by_clerk = window(partition_by=Staff.username, order_by=[Payment.amount, Payment.payment_id])
    place = func.row_number().over(by_clerk).label("place")
    total = func.count().over(partition_by=Staff.username).label("total")
    placed = (
        select(Staff.username, Payment.amount, place, total)
        .join(Staff, on=Staff.staff_id == Payment.staff_id)
        .subquery("placed")
    )
    middle = (placed[place] * 2).between(placed[total], placed[total] + 2)
    mean = func.round(func.avg(placed[Payment.amount]), 2)
    return (
        select(placed[Staff.username], mean)
        .where(middle)
        .group_by(placed[Staff.username])
        .order_by(placed[Staff.username])
    )


@question(
    float,
    Decimal,
    int,
    capability="within_group",
    sql="""
    SELECT PERCENTILE_CONT(0.9) WITHIN GROUP (ORDER BY CAST(amount AS double precision)),
      PERCENTILE_DISC(0.5) WITHIN GROUP (ORDER BY amount), MODE() WITHIN GROUP (ORDER BY customer_id)
    FROM payment""",
)
def percentiles_of_payments() -> Query[Any]:
    """Where do the dearest tenth of payments begin, what is the middle one, and who pays most often?"""
    return select(
        func.percentile_cont(0.9).within_group(Payment.amount),
        func.percentile_disc(0.5).within_group(Payment.amount),
        func.mode().within_group(Payment.customer_id),
    )


@question(
    date,
    int,
    sql="""
    WITH RECURSIVE calendar(d) AS (
      SELECT CAST('2005-05-20' AS date) UNION ALL SELECT days_later(d, 1) FROM calendar WHERE d < '2005-06-20')
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


@question(
    int,
    int,
    Decimal,
    capability="lateral",
    sql="""
    SELECT c.customer_id, best.payment_id, best.amount FROM customer c CROSS JOIN LATERAL (
      SELECT payment_id, amount FROM payment p WHERE p.customer_id = c.customer_id
      ORDER BY amount DESC, payment_id LIMIT 2) best
    WHERE c.customer_id <= 50 ORDER BY c.customer_id, best.amount DESC, best.payment_id""",
)
def dearest_payments_of_each_customer() -> Query[Any]:
    """Which two payments were each customer's largest?"""
    best = (
        select(Payment)
        .where(Payment.customer_id == Customer.customer_id)
        .order_by(Payment.amount.desc(), Payment.payment_id)
        .limit(2)
        .lateral("best")
    )
    return (
        select(Customer.customer_id, best.payment_id, best.amount)
        .cross_join(best)
        .where(Customer.customer_id <= 50)
        .order_by(Customer.customer_id, best.amount.desc(), best.payment_id)
    )


@question(
    date,
    Decimal,
    Decimal,
    Decimal,
    sql="""
    SELECT month(p.payment_date), SUM(p.amount) FILTER (WHERE s.username = 'Mike'),
      SUM(p.amount) FILTER (WHERE s.username = 'Jon'), SUM(p.amount)
    FROM payment p JOIN staff s ON s.staff_id = p.staff_id GROUP BY 1 ORDER BY 1""",
)
def takings_by_clerk() -> Query[Any]:
    """What did each clerk take in each month, a column for each?"""
    month = func.date_trunc("month", PAID_ON)
    taken = func.sum(Payment.amount)
    return (
        select(month, taken.filter(Staff.username == "Mike"), taken.filter(Staff.username == "Jon"), taken)
        .join(Staff, on=Staff.staff_id == Payment.staff_id)
        .group_by(month)
        .order_by(month)
    )


@question(
    int,
    str,
    int,
    sql="""
    SELECT c.customer_id, c.email, p.payment_id FROM customer c
    LEFT JOIN payment p ON p.customer_id = c.customer_id AND p.amount > 11
    WHERE c.customer_id <= 30 ORDER BY c.customer_id, p.payment_id""",
)
def customers_with_rare_payments() -> Query[Any]:
    """Which of the first customers ever paid more than eleven at once; the others appear without a payment."""
    return (
        select(Customer.customer_id, Customer.email, optional(Payment.payment_id))
        .left_join(Payment, on=(Payment.customer_id == Customer.customer_id) & (Payment.amount > 11))
        .where(Customer.customer_id <= 30)
        .order_by(Customer.customer_id, Payment.payment_id)
    )
