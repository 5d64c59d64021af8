"""What the wholesaler asks about its goods."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from bridgeorm import Query, aliased, cube, exists, func, optional, select

from .northwind import (
    Client,
    Order,
    OrderLine,
    Product,
    ProductCategory,
    Supplier,
)
from .question import question

WORTH = OrderLine.unit_price * OrderLine.quantity * (1 - OrderLine.discount)


@question(
    str,
    int,
    Decimal,
    Decimal,
    Decimal,
    sql="""
    WITH sold AS (SELECT c.category_name, year(o.order_date) AS y,
      SUM(times(times(d.unit_price, d.quantity), minus(1, d.discount))) AS worth
      FROM order_details d JOIN orders o ON o.order_id = d.order_id
      JOIN products p ON p.product_id = d.product_id JOIN categories c ON c.category_id = p.category_id
      GROUP BY 1, 2),
    placed AS (SELECT *, LAG(worth) OVER (PARTITION BY category_name ORDER BY y) AS before FROM sold)
    SELECT category_name, y, worth, before, over(minus(worth, before), before) FROM placed
    ORDER BY category_name, y""",
)
def growth_by_category() -> Query[Any]:
    """What was sold of each category each year, and how much more than the year before?"""
    year, total = func.extract("year", Order.order_date).label("year"), func.sum(WORTH).label("worth")
    sold = (
        select(ProductCategory.category_name, year, total)
        .join(Product, on=Product.category_id == ProductCategory.category_id)
        .join(OrderLine, on=OrderLine.product_id == Product.product_id)
        .join(OrderLine.order)
        .group_by(ProductCategory.category_name, year)
        .cte("sold")
    )
    category, sold_in, worth = sold[ProductCategory.category_name], sold[year], sold[total]
    before = func.lag(worth).over(partition_by=category, order_by=sold_in).label("before")
    placed = select(category, sold_in, worth, before).subquery("placed")
    now, then = placed[worth], placed[before]
    return select(placed[category], placed[sold_in], now, then, func.round((now - then) / then, 4)).order_by(
        placed[category], placed[sold_in]
    )


@question(
    str,
    str,
    int,
    sql="""
    SELECT a.product_name, b.product_name, COUNT(*) FROM order_details x
    JOIN order_details y ON y.order_id = x.order_id AND y.product_id > x.product_id
    JOIN products a ON a.product_id = x.product_id JOIN products b ON b.product_id = y.product_id
    GROUP BY a.product_id, a.product_name, b.product_id, b.product_name
    HAVING COUNT(*) >= 5 ORDER BY 3 DESC, a.product_id, b.product_id""",
)
def goods_bought_together() -> Query[Any]:
    """Which two products stand in the same order most often?"""
    beside, partner = aliased(OrderLine), aliased(Product)
    together = func.count()
    return (
        select(Product.product_name, partner.product_name, together)
        .join(OrderLine, on=OrderLine.product_id == Product.product_id)
        .join(
            beside,
            on=(beside.order_id == OrderLine.order_id) & (beside.product_id > OrderLine.product_id),
        )
        .join(partner, on=partner.product_id == beside.product_id)
        .group_by(Product.product_id, partner.product_id)
        .having(together >= 5)
        .order_by(together.desc(), Product.product_id, partner.product_id)
    )


@question(
    str,
    str,
    int,
    sql="""
    SELECT p.product_name, s.company_name, p.reorder_level - p.units_in_stock - p.units_on_order
    FROM products p JOIN suppliers s ON s.supplier_id = p.supplier_id
    WHERE p.units_in_stock + p.units_on_order < p.reorder_level AND NOT p.discontinued = TRUE
    ORDER BY p.product_id""",
)
def goods_to_order() -> Query[Any]:
    """Which goods are below the level at which we order, even with what is under way; how many, from whom?"""
    present = Product.units_in_stock + Product.units_on_order
    return (
        select(
            Product.product_name,
            Supplier.company_name,
            Product.reorder_level - Product.units_in_stock - Product.units_on_order,
        )
        .join(Product.supplier)
        .where(present < Product.reorder_level, ~(Product.discontinued == True))  # noqa: E712 - builds a condition
        .order_by(Product.product_id)
    )


@question(
    str,
    str,
    Decimal,
    sql="""
    SELECT c.category_name, r.product_name, r.unit_price FROM categories c JOIN (
      SELECT category_id, product_name, unit_price,
        DENSE_RANK() OVER (PARTITION BY category_id ORDER BY unit_price DESC) AS place FROM products) r
      ON r.category_id = c.category_id WHERE r.place = 2 ORDER BY c.category_id, r.product_name""",
    sqlite="""
    SELECT c.category_name, r.product_name, r.unit_price FROM categories c JOIN (
      SELECT category_id, product_name, unit_price,
        DENSE_RANK() OVER (PARTITION BY category_id ORDER BY CAST(unit_price AS REAL) DESC) AS place
        FROM products) r
      ON r.category_id = c.category_id WHERE r.place = 2 ORDER BY c.category_id, r.product_name""",
)
def second_dearest_of_each_category() -> Query[Any]:
    """Which product of each category is the second dearest?"""
    place = (
        func.dense_rank()
        .over(partition_by=Product.category_id, order_by=Product.unit_price.desc())
        .label("place")
    )
    ranked = select(Product, place).subquery("ranked")
    product = ranked[Product]
    return (
        select(ProductCategory.category_name, product.product_name, product.unit_price)
        .join(product, on=product.category_id == ProductCategory.category_id)
        .where(ranked[place] == 2)
        .order_by(ProductCategory.category_id, product.product_name)
    )


@question(
    bool,
    int,
    int,
    int,
    capability="grouping_sets",
    sql="""
    SELECT discontinued, category_id, COUNT(*), CAST(GROUPING(discontinued, category_id) AS bigint)
    FROM products GROUP BY CUBE(discontinued, category_id)
    ORDER BY 4, 1 NULLS LAST, 2 NULLS LAST""",
)
def goods_by_every_key() -> Query[Any]:
    """How many goods are there by every combination of being discontinued and category?"""
    left_out = func.grouping(Product.discontinued, Product.category_id)
    return (
        select(optional(Product.discontinued), optional(Product.category_id), func.count(), left_out)
        .group_by(cube(Product.discontinued, Product.category_id))
        .order_by(left_out, Product.discontinued.nulls_last(), Product.category_id.nulls_last())
    )


@question(
    int,
    Decimal,
    Decimal,
    sql="""
    SELECT o.order_id, SUM(times(times(d.unit_price, d.quantity), minus(1, d.discount))) AS worth, o.freight
    FROM orders o JOIN order_details d ON d.order_id = o.order_id
    GROUP BY o.order_id, o.freight
    HAVING SUM(times(times(d.unit_price, d.quantity), minus(1, d.discount))) > 9000 ORDER BY o.order_id""",
    sqlite="""
    SELECT o.order_id, SUM(times(times(d.unit_price, d.quantity), minus(1, d.discount))) AS worth, o.freight
    FROM orders o JOIN order_details d ON d.order_id = o.order_id
    GROUP BY o.order_id, o.freight
    HAVING CAST(SUM(times(times(d.unit_price, d.quantity), minus(1, d.discount))) AS REAL) > 9000
    ORDER BY o.order_id""",
)
def largest_orders() -> Query[Any]:
    """Which orders are worth more than nine thousand, discounts taken off?"""
    worth = func.sum(WORTH)
    return (
        select(Order.order_id, worth, Order.freight)
        .join(Order.lines)
        .group_by(Order.order_id)
        .having(worth > 9000)
        .order_by(Order.order_id)
    )


@question(
    str,
    sql="""
    SELECT c.company_name FROM customers c WHERE NOT EXISTS (
      SELECT 1 FROM categories k WHERE NOT EXISTS (
        SELECT 1 FROM orders o JOIN order_details d ON d.order_id = o.order_id
        JOIN products p ON p.product_id = d.product_id
        WHERE o.customer_id = c.customer_id AND p.category_id = k.category_id)) ORDER BY c.customer_id""",
)
def clients_of_every_category() -> Query[Any]:
    """Which clients ordered of every category: for whom is there none they did not order of?"""
    bought = (
        select(Order)
        .join(Order.lines)
        .join(OrderLine.product)
        .where(Order.customer_id == Client.customer_id, Product.category_id == ProductCategory.category_id)
    )
    missing = select(ProductCategory).where(~exists(bought))
    return select(Client.company_name).where(~exists(missing)).order_by(Client.customer_id)
