"""Northwind, a wholesaler of food: its tables as models. Its money is exact here, not floating."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from bridgeorm import Column, Many, Model, One, column, foreign_key, many, one, primary_key


class Addressed(Model, abstract=True):
    """A company and how to reach it."""

    company_name: Column[str] = column(max_length=40)
    contact_name: Column[str | None] = column(max_length=30, default=None)
    contact_title: Column[str | None] = column(max_length=30, default=None)
    address: Column[str | None] = column(max_length=60, default=None)
    city: Column[str | None] = column(max_length=15, default=None)
    region: Column[str | None] = column(max_length=15, default=None)
    postal_code: Column[str | None] = column(max_length=10, default=None)
    country: Column[str | None] = column(max_length=15, default=None)
    phone: Column[str | None] = column(max_length=24, default=None)
    fax: Column[str | None] = column(max_length=24, default=None)


class Shipper(Model, table="shippers"):
    shipper_id: Column[int] = primary_key(generated=False)
    company_name: Column[str] = column(max_length=40)
    phone: Column[str | None] = column(max_length=24, default=None)


class Region(Model, table="region"):
    region_id: Column[int] = primary_key(generated=False)
    region_description: Column[str] = column(max_length=60)


class Territory(Model, table="territories"):
    territory_id: Column[str] = primary_key(generated=False, max_length=20)
    territory_description: Column[str] = column(max_length=60)
    region_id: Column[int] = foreign_key(Region.region_id)
    region: One[Region] = one(region_id)


class Employee(Model, table="employees"):
    employee_id: Column[int] = primary_key(generated=False)
    last_name: Column[str] = column(max_length=20)
    first_name: Column[str] = column(max_length=10)
    title: Column[str | None] = column(max_length=30, default=None)
    title_of_courtesy: Column[str | None] = column(max_length=25, default=None)
    birth_date: Column[date | None] = column(default=None)
    hire_date: Column[date | None] = column(default=None)
    address: Column[str | None] = column(max_length=60, default=None)
    city: Column[str | None] = column(max_length=15, default=None)
    region: Column[str | None] = column(max_length=15, default=None)
    postal_code: Column[str | None] = column(max_length=10, default=None)
    country: Column[str | None] = column(max_length=15, default=None)
    home_phone: Column[str | None] = column(max_length=24, default=None)
    extension: Column[str | None] = column(max_length=4, default=None)
    photo: Column[bytes | None] = column(default=None)
    notes: Column[str | None] = column(default=None)
    reports_to: Column[int | None] = foreign_key("Employee.employee_id", default=None)
    photo_path: Column[str | None] = column(max_length=255, default=None)
    manager: One[Employee | None] = one(reports_to)
    territories: Many[Territory] = many(through="EmployeeTerritory")
    orders: Many[Order] = many(back="employee")


class EmployeeTerritory(Model, table="employee_territories"):
    employee_id: Column[int] = foreign_key(Employee.employee_id, primary_key=True)
    territory_id: Column[str] = foreign_key(Territory.territory_id, primary_key=True, max_length=20)


class Supplier(Addressed, table="suppliers"):
    supplier_id: Column[int] = primary_key(generated=False)
    homepage: Column[str | None] = column(default=None)


class ProductCategory(Model, table="categories"):
    category_id: Column[int] = primary_key(generated=False)
    category_name: Column[str] = column(max_length=15)
    description: Column[str | None] = column(default=None)
    picture: Column[bytes | None] = column(default=None)


class Product(Model, table="products"):
    product_id: Column[int] = primary_key(generated=False)
    product_name: Column[str] = column(max_length=40)
    supplier_id: Column[int | None] = foreign_key(Supplier.supplier_id, default=None)
    category_id: Column[int | None] = foreign_key(ProductCategory.category_id, default=None)
    quantity_per_unit: Column[str | None] = column(max_length=20, default=None)
    unit_price: Column[Decimal] = column(precision=10, scale=2)
    units_in_stock: Column[int] = column(default=0)
    units_on_order: Column[int] = column(default=0)
    reorder_level: Column[int] = column(default=0)
    discontinued: Column[bool] = column(default=False)
    supplier: One[Supplier | None] = one(supplier_id)
    category: One[ProductCategory | None] = one(category_id)


class Client(Addressed, table="customers"):
    customer_id: Column[str] = primary_key(generated=False, max_length=5)
    orders: Many[Order] = many(back="client")


class Order(Model, table="orders"):
    order_id: Column[int] = primary_key(generated=False)
    customer_id: Column[str | None] = foreign_key(Client.customer_id, max_length=5, index=True, default=None)
    employee_id: Column[int | None] = foreign_key(Employee.employee_id, default=None)
    order_date: Column[date] = column(index=True)
    required_date: Column[date | None] = column(default=None)
    shipped_date: Column[date | None] = column(default=None)
    ship_via: Column[int | None] = foreign_key(Shipper.shipper_id, default=None)
    freight: Column[Decimal] = column(precision=10, scale=2)
    ship_name: Column[str | None] = column(max_length=40, default=None)
    ship_address: Column[str | None] = column(max_length=60, default=None)
    ship_city: Column[str | None] = column(max_length=15, default=None)
    ship_region: Column[str | None] = column(max_length=15, default=None)
    ship_postal_code: Column[str | None] = column(max_length=10, default=None)
    ship_country: Column[str | None] = column(max_length=15, default=None)
    client: One[Client | None] = one(customer_id)
    employee: One[Employee | None] = one(employee_id)
    lines: Many[OrderLine] = many(back="order")


class OrderLine(Model, table="order_details"):
    order_id: Column[int] = foreign_key(Order.order_id, primary_key=True)
    product_id: Column[int] = foreign_key(Product.product_id, primary_key=True, index=True)
    unit_price: Column[Decimal] = column(precision=10, scale=2)
    quantity: Column[int] = column()
    discount: Column[Decimal] = column(precision=4, scale=2)
    order: One[Order] = one(order_id)
    product: One[Product] = one(product_id)


# In an order in which every row finds what it refers to.
NORTHWIND: tuple[type[Model], ...] = (
    Shipper,
    Region,
    Territory,
    Employee,
    EmployeeTerritory,
    Supplier,
    ProductCategory,
    Product,
    Client,
    Order,
    OrderLine,
)
