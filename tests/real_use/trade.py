"""What the wholesaler asks about orders, goods and people."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from bridgeorm import Query, aliased, case, func, grouping_sets, optional, scalar, select

from .northwind import (
    Client,
    Employee,
    EmployeeTerritory,
    Order,
    Region,
    Shipper,
    Territory,
)
from .question import question


@question(
    int,
    str,
    int,
    str,
    sql="""
    WITH RECURSIVE tree(employee_id, last_name, depth, path) AS (
      SELECT employee_id, last_name, CAST(0 AS bigint), CAST(last_name AS text)
      FROM employees WHERE reports_to IS NULL
      UNION ALL SELECT e.employee_id, e.last_name, t.depth + 1, t.path || ' > ' || e.last_name
      FROM employees e JOIN tree t ON e.reports_to = t.employee_id)
    SELECT employee_id, last_name, depth, path FROM tree ORDER BY depth, employee_id""",
)
def organisation() -> Query[Any]:
    """Who reports to whom, how deep, and by which way up?"""
    depth = (Employee.employee_id * 0).label("depth")
    tree = (
        select(Employee.employee_id, Employee.last_name, depth, Employee.last_name.cast(str).label("path"))
        .where(Employee.reports_to.is_null())
        .cte(
            "tree",
            recursive=lambda above: select(
                Employee.employee_id,
                Employee.last_name,
                above[depth] + 1,
                above["path"] + " > " + Employee.last_name,
            ).join(above, on=Employee.reports_to == above[Employee.employee_id]),
        )
    )
    person = tree[Employee.employee_id]
    return select(person, tree[Employee.last_name], tree[depth], tree["path"]).order_by(tree[depth], person)


@question(
    str,
    int,
    sql="""
    WITH RECURSIVE below(boss, employee_id) AS (
      SELECT reports_to, employee_id FROM employees WHERE reports_to IS NOT NULL
      UNION ALL SELECT b.boss, e.employee_id FROM below b JOIN employees e ON e.reports_to = b.employee_id)
    SELECT m.last_name, COUNT(*) FROM below JOIN employees m ON m.employee_id = below.boss
    GROUP BY m.last_name ORDER BY 2 DESC""",
)
def people_under_each_manager() -> Query[Any]:
    """How many people work under each manager, at any depth?"""
    below = (
        select(Employee.reports_to.label("boss"), Employee.employee_id.label("person"))
        .where(Employee.reports_to.is_not_null())
        .cte(
            "below",
            recursive=lambda known: select(known["boss"], Employee.employee_id).join(
                known, on=Employee.reports_to == known["person"]
            ),
        )
    )
    manager = aliased(Employee)
    number = func.count()
    return (
        select(manager.last_name, number)
        .join(below, on=below["boss"] == manager.employee_id)
        .group_by(manager.last_name)
        .order_by(number.desc())
    )


@question(
    str,
    str,
    sql="""
    SELECT customer_id, company_name FROM customers c
    WHERE NOT EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = c.customer_id) ORDER BY 1""",
)
def clients_without_orders() -> Query[Any]:
    """Which clients never ordered anything?"""
    return (
        select(Client.customer_id, Client.company_name)
        .where(~Client.orders.any())
        .order_by(Client.customer_id)
    )


@question(
    str,
    int,
    int,
    Decimal,
    sql="""
    SELECT s.company_name, COUNT(*), SUM(CASE WHEN o.shipped_date > o.required_date THEN 1 ELSE 0 END),
      mean(CAST(days(o.order_date, o.shipped_date) AS numeric))
    FROM orders o JOIN shippers s ON s.shipper_id = o.ship_via WHERE o.shipped_date IS NOT NULL
    GROUP BY s.company_name ORDER BY s.company_name""",
)
def shippers_and_their_time() -> Query[Any]:
    """How many orders did each shipper carry, how many too late, and how many days did one take?"""
    late = func.sum(case((Order.shipped_date > Order.required_date, 1), else_=0))
    taken = func.round(func.avg(func.days_between(Order.order_date, Order.shipped_date)), 2)
    return (
        select(Shipper.company_name, func.count(), late, taken)
        .join(Order, on=Order.ship_via == Shipper.shipper_id)
        .where(Order.shipped_date.is_not_null())
        .group_by(Shipper.company_name)
        .order_by(Shipper.company_name)
    )


@question(
    str,
    date,
    int,
    sql="""
    SELECT c.company_name, o.order_date, o.order_id FROM customers c JOIN orders o
      ON o.order_id = (SELECT MAX(l.order_id) FROM orders l WHERE l.customer_id = c.customer_id)
    WHERE c.country = 'Germany' ORDER BY c.customer_id""",
)
def last_orders_of_german_clients() -> Query[Any]:
    """When did our clients in Germany order last?"""
    later = aliased(Order)
    newest = scalar(select(func.max(later.order_id)).where(later.customer_id == Client.customer_id))
    return (
        select(Client.company_name, Order.order_date, Order.order_id)
        .join(Order, on=Order.order_id == newest)
        .where(Client.country == "Germany")
        .order_by(Client.customer_id)
    )


@question(
    str,
    Decimal,
    sql="""
    WITH waits AS (SELECT customer_id,
        days(LAG(order_date) OVER (PARTITION BY customer_id ORDER BY order_date, order_id), order_date)
          AS waited
      FROM orders)
    SELECT customer_id, mean(CAST(waited AS numeric)) FROM waits GROUP BY customer_id
    HAVING COUNT(waited) >= 15 ORDER BY customer_id""",
)
def days_between_orders() -> Query[Any]:
    """How many days pass between two orders of our busiest clients?"""
    before = func.lag(Order.order_date).over(
        partition_by=Order.customer_id, order_by=[Order.order_date, Order.order_id]
    )
    waited = func.days_between(before, Order.order_date).label("waited")
    waits = select(Order.customer_id, waited).subquery("waits")
    client = waits[Order.customer_id]
    return (
        select(client, func.round(func.avg(waits[waited]), 2))
        .group_by(client)
        .having(func.count(waits[waited]) >= 15)
        .order_by(client)
    )


@question(
    str,
    int,
    int,
    sql="""
    SELECT e.last_name, COUNT(DISTINCT t.region_id), COUNT(*) FROM employees e
    JOIN employee_territories et ON et.employee_id = e.employee_id
    JOIN territories t ON t.territory_id = et.territory_id
    GROUP BY e.employee_id, e.last_name ORDER BY 3 DESC, e.employee_id""",
)
def employees_and_their_regions() -> Query[Any]:
    """How many regions and territories does each employee serve?"""
    territories = func.count()
    return (
        select(Employee.last_name, func.count(Territory.region_id, distinct=True), territories)
        .join(Employee.territories)
        .group_by(Employee.employee_id)
        .order_by(territories.desc(), Employee.employee_id)
    )


@question(
    str,
    int,
    Decimal,
    Decimal,
    sql="""
    WITH sold AS (SELECT e.last_name, year(o.order_date) AS y, SUM(o.freight) AS freight
      FROM employees e JOIN orders o ON o.employee_id = e.employee_id GROUP BY 1, 2)
    SELECT last_name, y, freight, SUM(freight) OVER (PARTITION BY last_name ORDER BY y)
    FROM sold ORDER BY last_name, y""",
)
def freight_of_employees() -> Query[Any]:
    """What freight did the orders of each employee cause in each year, and so far?"""
    year = func.extract("year", Order.order_date)
    yearly = (
        select(Employee.last_name, year.label("year"), func.sum(Order.freight).label("freight"))
        .join(Employee.orders)
        .group_by(Employee.last_name, year)
        .subquery("yearly")
    )
    name, sent_in, freight = yearly[Employee.last_name], yearly["year"], yearly["freight"]
    so_far = func.sum(freight).over(partition_by=name, order_by=sent_in)
    return select(name, sent_in, freight, so_far).order_by(name, sent_in)


@question(
    str,
    str,
    int,
    capability="grouping_sets",
    sql="""
    SELECT country, city, COUNT(*) FROM customers WHERE country IN ('UK', 'USA', 'Brazil')
    GROUP BY GROUPING SETS ((country, city), (country), ())
    ORDER BY COUNT(*) DESC, country NULLS LAST, city NULLS LAST""",
)
def clients_by_place_with_totals() -> Query[Any]:
    """How many clients are there in each city, in each country, and in all?"""
    number = func.count()
    return (
        select(optional(Client.country), optional(Client.city), number)
        .where(Client.country.in_(["UK", "USA", "Brazil"]))
        .group_by(grouping_sets([Client.country, Client.city], [Client.country], []))
        .order_by(number.desc(), Client.country.nulls_last(), Client.city.nulls_last())
    )


@question(
    str,
    list,
    sql="""
    SELECT r.region_description, json_agg(t.territory_description) FROM region r
    JOIN (SELECT * FROM territories ORDER BY territory_id) t ON t.region_id = r.region_id
    WHERE t.territory_description LIKE 'S%' GROUP BY r.region_id, r.region_description
    HAVING COUNT(*) = 1 ORDER BY r.region_id""",
    sqlite="""
    SELECT r.region_description, json_group_array(t.territory_description) FROM region r
    JOIN territories t ON t.region_id = r.region_id
    WHERE t.territory_description LIKE 'S%' GROUP BY r.region_id, r.region_description
    HAVING COUNT(*) = 1 ORDER BY r.region_id""",
)
def lonely_territories() -> Query[Any]:
    """Which regions have a single territory with an S, as a document?"""
    return (
        select(Region.region_description, func.json_agg(Territory.territory_description))
        .join(Territory, on=Territory.region_id == Region.region_id)
        .where(Territory.territory_description.startswith("S"))
        .group_by(Region.region_id)
        .having(func.count() == 1)
        .order_by(Region.region_id)
    )


@question(
    str,
    str,
    sql="""
    SELECT a.company_name, b.company_name FROM customers a
    JOIN customers b ON b.city = a.city AND b.customer_id > a.customer_id WHERE a.city <> 'London'
    ORDER BY a.customer_id, b.customer_id""",
)
def neighbours() -> Query[Any]:
    """Which clients have their house in the same city, London aside?"""
    neighbour = aliased(Client)
    return (
        select(Client.company_name, neighbour.company_name)
        .join(neighbour, on=(neighbour.city == Client.city) & (neighbour.customer_id > Client.customer_id))
        .where(Client.city != "London")
        .order_by(Client.customer_id, neighbour.customer_id)
    )


@question(
    int,
    int,
    sql="""
    SELECT et.employee_id, COUNT(*) FROM employee_territories et
    WHERE et.employee_id IN (SELECT reports_to FROM employees) GROUP BY et.employee_id ORDER BY 1""",
)
def managers_with_territories() -> Query[Any]:
    """How many territories do those serve who lead others?"""
    leading = select(Employee.reports_to).where(Employee.reports_to.is_not_null())
    return (
        select(EmployeeTerritory.employee_id, func.count())
        .where(EmployeeTerritory.employee_id.in_(leading))
        .group_by(EmployeeTerritory.employee_id)
        .order_by(EmployeeTerritory.employee_id)
    )
