"""Sakila, a shop that rents films: its tables as models."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import Enum

from bridgeorm import Column, Many, Model, One, column, foreign_key, many, one, primary_key


class Rating(Enum):
    """Who may see a film."""

    GENERAL = "G"
    PARENTAL_GUIDANCE = "PG"
    PARENTS_CAUTIONED = "PG-13"
    RESTRICTED = "R"
    ADULTS = "NC-17"


class Dated(Model, abstract=True):
    """What every row of this shop knows."""

    last_update: Column[datetime] = column(timezone=False)


class Language(Dated, table="language"):
    language_id: Column[int] = primary_key(generated=False, bits=32)
    name: Column[str] = column(max_length=20)


class Category(Dated, table="category"):
    category_id: Column[int] = primary_key(generated=False, bits=32)
    name: Column[str] = column(max_length=25)


class Actor(Dated, table="actor"):
    actor_id: Column[int] = primary_key(generated=False, bits=32)
    first_name: Column[str] = column(max_length=45)
    last_name: Column[str] = column(max_length=45, index=True)
    films: Many[Film] = many(through="FilmActor")


class Film(Dated, table="film"):
    film_id: Column[int] = primary_key(generated=False, bits=32)
    title: Column[str] = column(max_length=255, index=True)
    description: Column[str | None] = column(default=None)
    release_year: Column[int | None] = column(bits=32, default=None)
    language_id: Column[int] = foreign_key(Language.language_id, bits=32)
    original_language_id: Column[int | None] = foreign_key(Language.language_id, bits=32, default=None)
    rental_duration: Column[int] = column(bits=16)
    rental_rate: Column[Decimal] = column(precision=4, scale=2)
    length: Column[int | None] = column(bits=16, default=None)
    replacement_cost: Column[Decimal] = column(precision=5, scale=2)
    rating: Column[Rating | None] = column(default=None)
    special_features: Column[list[str] | None] = column(default=None)
    language: One[Language] = one(language_id)
    actors: Many[Actor] = many(through="FilmActor")
    categories: Many[Category] = many(through="FilmCategory")


class FilmActor(Dated, table="film_actor"):
    actor_id: Column[int] = foreign_key(Actor.actor_id, primary_key=True, bits=32)
    film_id: Column[int] = foreign_key(Film.film_id, primary_key=True, index=True, bits=32)


class FilmCategory(Dated, table="film_category"):
    film_id: Column[int] = foreign_key(Film.film_id, primary_key=True, bits=32)
    category_id: Column[int] = foreign_key(Category.category_id, primary_key=True, bits=32)


class Country(Dated, table="country"):
    country_id: Column[int] = primary_key(generated=False, bits=32)
    country: Column[str] = column(max_length=50)


class City(Dated, table="city"):
    city_id: Column[int] = primary_key(generated=False, bits=32)
    city: Column[str] = column(max_length=50)
    country_id: Column[int] = foreign_key(Country.country_id, index=True, bits=32)
    country: One[Country] = one(country_id)


class Address(Dated, table="address"):
    address_id: Column[int] = primary_key(generated=False, bits=32)
    address: Column[str] = column(max_length=50)
    address2: Column[str | None] = column(max_length=50, default=None)
    district: Column[str] = column(max_length=20)
    city_id: Column[int] = foreign_key(City.city_id, index=True, bits=32)
    postal_code: Column[str | None] = column(max_length=10, default=None)
    phone: Column[str] = column(max_length=20)
    city: One[City] = one(city_id)


class Store(Dated, table="store"):
    store_id: Column[int] = primary_key(generated=False, bits=32)
    manager_staff_id: Column[int] = column(unique=True, bits=32)
    address_id: Column[int] = foreign_key(Address.address_id, bits=32)
    address: One[Address] = one(address_id)


class Staff(Dated, table="staff"):
    staff_id: Column[int] = primary_key(generated=False, bits=32)
    first_name: Column[str] = column(max_length=45)
    last_name: Column[str] = column(max_length=45)
    address_id: Column[int] = foreign_key(Address.address_id, bits=32)
    email: Column[str | None] = column(max_length=50, default=None)
    store_id: Column[int] = foreign_key(Store.store_id, bits=32)
    active: Column[bool] = column(default=True)
    username: Column[str] = column(max_length=16)
    password: Column[str | None] = column(max_length=40, default=None)
    picture: Column[bytes | None] = column(default=None)
    store: One[Store] = one(store_id)


class Customer(Dated, table="customer"):
    customer_id: Column[int] = primary_key(generated=False, bits=32)
    store_id: Column[int] = foreign_key(Store.store_id, index=True, bits=32)
    first_name: Column[str] = column(max_length=45)
    last_name: Column[str] = column(max_length=45, index=True)
    email: Column[str | None] = column(max_length=50, default=None)
    address_id: Column[int] = foreign_key(Address.address_id, index=True, bits=32)
    activebool: Column[bool] = column(default=True)
    create_date: Column[date] = column()
    active: Column[int | None] = column(bits=32, default=None)
    address: One[Address] = one(address_id)
    rentals: Many[Rental] = many(back="customer")
    payments: Many[Payment] = many(back="customer")


class Inventory(Dated, table="inventory"):
    inventory_id: Column[int] = primary_key(generated=False, bits=32)
    film_id: Column[int] = foreign_key(Film.film_id, bits=32, index=True)
    store_id: Column[int] = foreign_key(Store.store_id, bits=32)
    film: One[Film] = one(film_id)
    rentals: Many[Rental] = many(back="inventory")


class Rental(Dated, table="rental"):
    rental_id: Column[int] = primary_key(generated=False, bits=32)
    rental_date: Column[datetime] = column(timezone=False)
    inventory_id: Column[int] = foreign_key(Inventory.inventory_id, index=True, bits=32)
    customer_id: Column[int] = foreign_key(Customer.customer_id, index=True, bits=32)
    return_date: Column[datetime | None] = column(timezone=False, default=None)
    staff_id: Column[int] = foreign_key(Staff.staff_id, bits=32)
    inventory: One[Inventory] = one(inventory_id)
    customer: One[Customer] = one(customer_id)


class Payment(Model, table="payment"):
    payment_id: Column[int] = primary_key(generated=False, bits=32)
    customer_id: Column[int] = foreign_key(Customer.customer_id, index=True, bits=32)
    staff_id: Column[int] = foreign_key(Staff.staff_id, bits=32)
    rental_id: Column[int] = foreign_key(Rental.rental_id, index=True, bits=32)
    amount: Column[Decimal] = column(precision=5, scale=2)
    payment_date: Column[datetime] = column(timezone=False)
    customer: One[Customer] = one(customer_id)
    rental: One[Rental] = one(rental_id)


# In an order in which every row finds what it refers to.
SAKILA: tuple[type[Model], ...] = (
    Language,
    Category,
    Actor,
    Film,
    FilmActor,
    FilmCategory,
    Country,
    City,
    Address,
    Store,
    Staff,
    Customer,
    Inventory,
    Rental,
    Payment,
)
