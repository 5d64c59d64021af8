"""What shop and wholesaler change, and what is there afterwards."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from bridgeorm import Transaction, case, delete, excluded, exists, func, insert, scalar, select, update

from .northwind import Client, Order, OrderLine, Product, ProductCategory, Shipper, Supplier
from .question import task
from .sakila import Category, Customer, Film, FilmCategory, Inventory, Payment, Rental

DELIVERY = [(1, "Chai", 12), (2, "Chang", 7), (78, "Rye bread", 40)]


@task(
    int,
    str,
    int,
    sql=[
        """
    INSERT INTO products (product_id, product_name, unit_price, units_in_stock, units_on_order, reorder_level,
      discontinued)
    VALUES (1, 'Chai', 1.50, 12, 0, 0, FALSE), (2, 'Chang', 1.50, 7, 0, 0, FALSE),
      (78, 'Rye bread', 1.50, 40, 0, 0, FALSE)
    ON CONFLICT (product_id) DO UPDATE
      SET units_in_stock = products.units_in_stock + excluded.units_in_stock""",
        """
    SELECT product_id, product_name, units_in_stock FROM products
    WHERE product_id IN (1, 2, 3, 78) ORDER BY product_id""",
    ],
)
async def a_delivery_arrives(db: Transaction) -> list[Any]:
    """Adds what was delivered to the stock, and what is new to the goods."""
    delivered = insert(Product)
    for number, name, quantity in DELIVERY:
        delivered = delivered.values(
            product_id=number, product_name=name, unit_price=Decimal("1.50"), units_in_stock=quantity
        )
    stocked = delivered.on_conflict(Product.product_id).update(
        Product.units_in_stock.to(Product.units_in_stock + excluded(Product.units_in_stock))
    )
    assert (await db.execute(stocked)).rowcount == len(DELIVERY)
    return await db.all(
        select(Product.product_id, Product.product_name, Product.units_in_stock)
        .where(Product.product_id.in_([1, 2, 3, 78]))
        .order_by(Product.product_id)
    )


@task(
    int,
    Decimal,
    sql=[
        """
    UPDATE products SET unit_price = cents(times(unit_price, 1.1)) FROM suppliers s
    WHERE s.supplier_id = products.supplier_id AND s.country = 'Japan'""",
        """
    SELECT p.product_id, p.unit_price FROM products p JOIN suppliers s ON s.supplier_id = p.supplier_id
    WHERE s.country IN ('Japan', 'Norway') ORDER BY p.product_id""",
    ],
)
async def japanese_goods_become_dearer(db: Transaction) -> list[Any]:
    """Raises the price of all goods from one country by a tenth."""
    await db.execute(
        update(Product)
        .from_(Supplier)
        .where(Supplier.supplier_id == Product.supplier_id, Supplier.country == "Japan")
        .set(Product.unit_price.to(func.round(Product.unit_price * Decimal("1.1"), 2)))
    )
    return await db.all(
        select(Product.product_id, Product.unit_price)
        .join(Product.supplier)
        .where(Supplier.country.in_(["Japan", "Norway"]))
        .order_by(Product.product_id)
    )


@task(
    int,
    int,
    sql=[
        """
    DELETE FROM order_details USING products p
    WHERE p.product_id = order_details.product_id AND p.discontinued = TRUE""",
        "SELECT COUNT(*), COUNT(DISTINCT product_id) FROM order_details",
    ],
    sqlite=[
        """
    DELETE FROM order_details WHERE product_id IN (SELECT product_id FROM products WHERE discontinued = 1)""",
        "SELECT COUNT(*), COUNT(DISTINCT product_id) FROM order_details",
    ],
)
async def lines_of_discontinued_goods_go(db: Transaction) -> list[Any]:
    """Deletes every line of an order whose product is no longer sold."""
    gone = await db.execute(
        delete(OrderLine)
        .using(Product)
        .where(Product.product_id == OrderLine.product_id, Product.discontinued == True)  # noqa: E712 - builds a condition
    )
    assert gone.rowcount > 0
    return await db.all(select(func.count(), func.count(OrderLine.product_id, distinct=True)))


@task(
    int,
    str,
    sql=[
        """
    INSERT INTO shippers (shipper_id, company_name, phone)
    SELECT 100 + supplier_id, company_name, phone FROM suppliers WHERE country = 'Germany'""",
        "SELECT shipper_id, company_name FROM shippers ORDER BY shipper_id",
    ],
)
async def suppliers_deliver_themselves(db: Transaction) -> list[Any]:
    """Makes shippers of all suppliers of one country."""
    chosen = select(Supplier.supplier_id + 100, Supplier.company_name, Supplier.phone)
    await db.execute(
        insert(Shipper).from_select(
            [Shipper.shipper_id, Shipper.company_name, Shipper.phone],
            chosen.where(Supplier.country == "Germany"),
        )
    )
    return await db.all(select(Shipper.shipper_id, Shipper.company_name).order_by(Shipper.shipper_id))


@task(
    int,
    Decimal,
    sql=[
        """
    UPDATE payment SET amount = 0 WHERE EXISTS (
      SELECT 1 FROM rental r WHERE r.rental_id = payment.rental_id AND r.return_date IS NULL)""",
        "SELECT COUNT(*), SUM(amount) FROM payment WHERE amount < 1",
    ],
    sqlite=[
        """
    UPDATE payment SET amount = '0.00' WHERE EXISTS (
      SELECT 1 FROM rental r WHERE r.rental_id = payment.rental_id AND r.return_date IS NULL)""",
        "SELECT COUNT(*), SUM(amount) FROM payment WHERE CAST(amount AS REAL) < 1",
    ],
)
async def what_is_still_out_costs_nothing(db: Transaction) -> list[Any]:
    """Takes back all payments for films that never came home."""
    out = select(Rental).where(Rental.rental_id == Payment.rental_id, Rental.return_date.is_null())
    await db.execute(update(Payment).where(exists(out)).set(amount=Decimal(0)))
    return await db.all(select(func.count(), func.sum(Payment.amount)).where(Payment.amount < 1))


@task(
    int,
    datetime,
    sql=[
        """
    UPDATE rental SET return_date = rental_date + INTERVAL '3 days 02:00'
    WHERE return_date IS NULL AND customer_id < 200""",
        """
    SELECT rental_id, return_date FROM rental WHERE customer_id IN (5, 15, 28, 43, 60, 75, 107, 155)
    ORDER BY return_date DESC, rental_id LIMIT 12""",
    ],
    sqlite=[
        """
    UPDATE rental SET return_date = datetime(rental_date, '+3 days', '+2 hours') || '.000000'
    WHERE return_date IS NULL AND customer_id < 200""",
        """
    SELECT rental_id, return_date FROM rental WHERE customer_id IN (5, 15, 28, 43, 60, 75, 107, 155)
    ORDER BY return_date DESC, rental_id LIMIT 12""",
    ],
)
async def films_come_home(db: Transaction) -> list[Any]:
    """Notes that films came back three days and two hours after they were rented."""
    await db.execute(
        update(Rental)
        .where(Rental.return_date.is_null(), Rental.customer_id < 200)
        .set(Rental.return_date.to(Rental.rental_date + timedelta(days=3, hours=2)))
    )
    return await db.all(
        select(Rental.rental_id, Rental.return_date)
        .where(Rental.customer_id.in_([5, 15, 28, 43, 60, 75, 107, 155]))
        .order_by(Rental.return_date.desc(), Rental.rental_id)
        .limit(12)
    )


@task(
    int,
    int,
    capability="writing_common_tables",
    sql=[
        """
    CREATE TEMPORARY TABLE gone ON COMMIT DROP AS SELECT film_id, category_id FROM film_category
    WHERE category_id <= 3""",
        "SELECT category_id, COUNT(*) FROM gone GROUP BY category_id ORDER BY category_id",
    ],
)
async def categories_are_cleared(db: Transaction) -> list[Any]:
    """Takes all films out of three categories and counts them, in one statement."""
    gone = delete(FilmCategory).where(FilmCategory.category_id <= 3).returning(FilmCategory).cte("gone")
    counted = select(gone.category_id, func.count()).group_by(gone.category_id).order_by(gone.category_id)
    rows = await db.all(counted)
    assert await db.count(FilmCategory.where(FilmCategory.category_id <= 3)) == 0
    return rows


@task(
    str,
    int,
    sql=[
        """
    UPDATE customer SET active = CASE WHEN (SELECT COUNT(*) FROM rental r
      WHERE r.customer_id = customer.customer_id) >= 40 THEN 2 ELSE 1 END WHERE customer_id <= 150""",
        """
    SELECT last_name, active FROM customer WHERE customer_id <= 150 AND active = 2 ORDER BY customer_id""",
    ],
)
async def regular_customers_are_marked(db: Transaction) -> list[Any]:
    """Marks every customer by how often they rented, by a choice over a counted subquery."""
    rented = scalar(select(func.count(Rental.rental_id)).where(Rental.customer_id == Customer.customer_id))
    await db.execute(
        update(Customer)
        .where(Customer.customer_id <= 150)
        .set(Customer.active.to(case((rented >= 40, 2), else_=1)))
    )
    return await db.all(
        select(Customer.last_name, Customer.active)
        .where(Customer.customer_id <= 150, Customer.active == 2)
        .order_by(Customer.customer_id)
    )


@task(
    int,
    str,
    date,
    sql=[
        """
    INSERT INTO orders (order_id, customer_id, order_date, freight)
    VALUES (20000, 'PARIS', '1998-06-01', 0)""",
        """
    INSERT INTO order_details (order_id, product_id, unit_price, quantity, discount)
    SELECT 20000, product_id, unit_price, 1, 0 FROM products WHERE category_id = 8""",
        """
    SELECT d.product_id, o.customer_id, o.order_date FROM order_details d
    JOIN orders o ON o.order_id = d.order_id WHERE o.order_id = 20000 ORDER BY d.product_id""",
    ],
)
async def a_client_orders_at_last(db: Transaction) -> list[Any]:
    """Enters an order of one piece of every fish for a client, as objects."""
    client = await db.get(Client, "PARIS")
    fish = await db.all(
        Product.where(
            Product.category_id
            == scalar(select(ProductCategory.category_id).where(ProductCategory.category_name == "Seafood"))
        )
    )
    order = await db.insert(
        Order(order_id=20000, client=client, order_date=date(1998, 6, 1), freight=Decimal(0))
    )
    await db.insert_many(
        [
            OrderLine(order=order, product=each, unit_price=each.unit_price, quantity=1, discount=Decimal(0))
            for each in fish
        ]
    )
    return await db.all(
        select(OrderLine.product_id, Order.customer_id, Order.order_date)
        .join(OrderLine.order)
        .where(Order.order_id == 20000)
        .order_by(OrderLine.product_id)
    )


@task(
    str,
    int,
    sql=[
        "DELETE FROM film_category WHERE category_id = 16",
        "DELETE FROM category WHERE category_id = 16",
        """
    SELECT c.name, COUNT(*) FROM category c JOIN film_category fc ON fc.category_id = c.category_id
    GROUP BY c.name ORDER BY c.name""",
    ],
)
async def a_category_is_given_up(db: Transaction) -> list[Any]:
    """Gives up a category with everything that names it."""
    category = await db.get(Category, name="Travel")
    await db.execute(delete(FilmCategory).where(FilmCategory.category_id == category.category_id))
    await db.delete(category)
    return await db.all(
        select(Category.name, func.count())
        .join(FilmCategory, on=FilmCategory.category_id == Category.category_id)
        .group_by(Category.name)
        .order_by(Category.name)
    )


@task(
    int,
    int,
    sql=[
        """
    INSERT INTO inventory (inventory_id, film_id, store_id, last_update)
    SELECT 5000 + film_id, film_id, 1, '2006-03-01 00:00:00' FROM film f
    WHERE NOT EXISTS (SELECT 1 FROM inventory i WHERE i.film_id = f.film_id)""",
        """
    SELECT film_id, COUNT(*) FROM inventory WHERE inventory_id >= 5000
    GROUP BY film_id ORDER BY film_id""",
    ],
    sqlite=[
        """
    INSERT INTO inventory (inventory_id, film_id, store_id, last_update)
    SELECT 5000 + film_id, film_id, 1, '2006-03-01 00:00:00.000000' FROM film f
    WHERE NOT EXISTS (SELECT 1 FROM inventory i WHERE i.film_id = f.film_id)""",
        """
    SELECT film_id, COUNT(*) FROM inventory WHERE inventory_id >= 5000
    GROUP BY film_id ORDER BY film_id""",
    ],
)
async def missing_films_are_bought(db: Transaction) -> list[Any]:
    """Buys one copy of every film that no shop has, as objects."""
    lacking = await db.all(Film.where(~exists(select(Inventory).where(Inventory.film_id == Film.film_id))))
    bought = datetime.fromisoformat("2006-03-01")
    await db.insert_many(
        [
            Inventory(inventory_id=5000 + film.film_id, film=film, store_id=1, last_update=bought)
            for film in lacking
        ]
    )
    return await db.all(
        select(Inventory.film_id, func.count())
        .where(Inventory.inventory_id >= 5000)
        .group_by(Inventory.film_id)
        .order_by(Inventory.film_id)
    )
