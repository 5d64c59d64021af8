"""What the shop asks about its till."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from bridgeorm import Query, func, optional, select, window

from .question import question
from .sakila import Category, Customer, FilmCategory, Inventory, Payment, Rental, Staff

PAID_ON = Payment.payment_date.cast(date)
SPENT = """
    WITH spent AS (
      SELECT c.name AS category, month(p.payment_date) AS m, p.customer_id, SUM(p.amount) AS total
      FROM payment p JOIN rental r ON r.rental_id = p.rental_id
      JOIN inventory i ON i.inventory_id = r.inventory_id
      JOIN film_category fc ON fc.film_id = i.film_id JOIN category c ON c.category_id = fc.category_id
      GROUP BY 1, 2, 3),"""


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
    sql=SPENT  # noqa: S608 - text of the test's own
    + """
    ranked AS (
      SELECT *, SUM(total) OVER (PARTITION BY category, customer_id ORDER BY m) AS so_far,
        ROW_NUMBER() OVER (PARTITION BY category, m ORDER BY total DESC, customer_id) AS place FROM spent)
    SELECT category, m, customer_id, total, so_far, place FROM ranked WHERE place <= 3
    ORDER BY category, m, place""",
    sqlite=SPENT  # noqa: S608 - text of the test's own
    + """
    ranked AS (
      SELECT *, SUM(total) OVER (PARTITION BY category, customer_id ORDER BY m) AS so_far,
        ROW_NUMBER() OVER (PARTITION BY category, m ORDER BY total COLLATE bridge_decimal DESC, customer_id)
          AS place FROM spent)
    SELECT category, m, customer_id, total, so_far, place FROM ranked WHERE place <= 3
    ORDER BY category, m, place""",
)
def best_customers_of_each_category_and_month() -> Query[Any]:
    """Who are the three best customers of a category in a month, and what did they spend on it?"""
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
    """Which of the first customers ever paid more than eleven at once? The others stand without one."""
    return (
        select(Customer.customer_id, Customer.email, optional(Payment.payment_id))
        .left_join(Payment, on=(Payment.customer_id == Customer.customer_id) & (Payment.amount > 11))
        .where(Customer.customer_id <= 30)
        .order_by(Customer.customer_id, Payment.payment_id)
    )
