"""What the shop asks about actors and customers."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from bridgeorm import Query, aliased, case, exists, func, scalar, select, window

from .question import question
from .sakila import (
    Actor,
    Address,
    Category,
    City,
    Country,
    Customer,
    Film,
    FilmActor,
    FilmCategory,
    Inventory,
    Payment,
    Rental,
    Staff,
)


@question(
    str,
    str,
    str,
    str,
    int,
    sql="""
    SELECT a.first_name, a.last_name, b.first_name, b.last_name, COUNT(*) FROM film_actor x
    JOIN film_actor y ON y.film_id = x.film_id AND y.actor_id > x.actor_id
    JOIN actor a ON a.actor_id = x.actor_id JOIN actor b ON b.actor_id = y.actor_id
    GROUP BY a.actor_id, a.first_name, a.last_name, b.actor_id, b.first_name, b.last_name
    HAVING COUNT(*) >= 6 ORDER BY COUNT(*) DESC, a.actor_id, b.actor_id""",
)
def faithful_pairs() -> Query[Any]:
    """Which actors played together in six films or more?"""
    other, partner = aliased(FilmActor), aliased(Actor)
    together = func.count()
    return (
        select(Actor.first_name, Actor.last_name, partner.first_name, partner.last_name, together)
        .join(FilmActor, on=FilmActor.actor_id == Actor.actor_id)
        .join(other, on=(other.film_id == FilmActor.film_id) & (other.actor_id > FilmActor.actor_id))
        .join(partner, on=partner.actor_id == other.actor_id)
        .group_by(Actor.actor_id, partner.actor_id)
        .having(together >= 6)
        .order_by(together.desc(), Actor.actor_id, partner.actor_id)
    )


@question(
    int,
    int,
    sql="""
    SELECT a.actor_id, b.actor_id FROM actor a JOIN actor b ON b.actor_id > a.actor_id
    WHERE a.last_name = 'KILMER' AND NOT EXISTS (
      SELECT 1 FROM film_actor x JOIN film_actor y ON y.film_id = x.film_id
      WHERE x.actor_id = a.actor_id AND y.actor_id = b.actor_id)
    ORDER BY a.actor_id, b.actor_id LIMIT 60""",
)
def actors_who_never_met() -> Query[Any]:
    """With whom did the actors called Kilmer never play?"""
    partner, own, theirs = aliased(Actor), aliased(FilmActor), aliased(FilmActor)
    shared = (
        select(own)
        .join(theirs, on=theirs.film_id == own.film_id)
        .where(own.actor_id == Actor.actor_id, theirs.actor_id == partner.actor_id)
    )
    return (
        select(Actor.actor_id, partner.actor_id)
        .join(partner, on=partner.actor_id > Actor.actor_id)
        .where(Actor.last_name == "KILMER", ~exists(shared))
        .order_by(Actor.actor_id, partner.actor_id)
        .limit(60)
    )


def _playing_in(category: str) -> Query[Any]:
    return (
        select(Actor.last_name, Actor.first_name)
        .join(FilmActor, on=FilmActor.actor_id == Actor.actor_id)
        .join(FilmCategory, on=FilmCategory.film_id == FilmActor.film_id)
        .join(Category, on=Category.category_id == FilmCategory.category_id)
        .where(Category.name == category)
    )


_PLAYING = """SELECT a.last_name, a.first_name FROM actor a JOIN film_actor fa ON fa.actor_id = a.actor_id
    JOIN film_category fc ON fc.film_id = fa.film_id JOIN category c ON c.category_id = fc.category_id
    WHERE c.name = """


@question(
    str,
    str,
    sql=f"""
    SELECT * FROM ({_PLAYING} 'Horror' INTERSECT {_PLAYING} 'Children') AS both_kinds
    EXCEPT {_PLAYING} 'Comedy' ORDER BY 1, 2""",  # noqa: S608 - text of the test's own
)
def actors_for_the_night_and_the_nursery() -> Query[Any]:
    """Who plays in horror as well as in children's films, and never in a comedy?"""
    both = _playing_in("Horror").intersect(_playing_in("Children"))
    return both.except_(_playing_in("Comedy")).order_by(Actor.last_name, Actor.first_name)


@dataclass(frozen=True)
class Market:
    """What customers of a country are worth."""

    country: str
    customers: int
    earned: Decimal | None


@question(
    str,
    int,
    Decimal,
    sql="""
    SELECT co.country, COUNT(DISTINCT cu.customer_id), SUM(p.amount) FROM customer cu
    JOIN address a ON a.address_id = cu.address_id JOIN city ci ON ci.city_id = a.city_id
    JOIN country co ON co.country_id = ci.country_id JOIN payment p ON p.customer_id = cu.customer_id
    GROUP BY co.country ORDER BY 2 DESC, 1 LIMIT 15""",
)
def largest_markets() -> Query[Any]:
    """In which countries live most customers, and what do they bring?"""
    customers = func.count(Customer.customer_id, distinct=True).label("customers")
    return (
        select(Country.country.label("country"), customers, func.sum(Payment.amount).label("earned"))
        .select_from(Customer)
        .join(Customer.address)
        .join(Address.city)
        .join(City.country)
        .join(Customer.payments)
        .group_by(Country.country)
        .order_by(customers.desc(), Country.country)
        .limit(15)
        .into(Market)
    )


@question(
    str,
    int,
    sql="""
    SELECT last_name, COUNT(*) FROM actor GROUP BY last_name HAVING COUNT(*) > 3 ORDER BY 2 DESC, 1""",
)
def common_names() -> Query[Any]:
    """Which family names do more than three actors share?"""
    number = func.count()
    return (
        select(Actor.last_name, number)
        .group_by(Actor.last_name)
        .having(number > 3)
        .order_by(number.desc(), Actor.last_name)
    )


@question(
    int,
    sql="""
    SELECT r.customer_id FROM rental r JOIN inventory i ON i.inventory_id = r.inventory_id
    JOIN film_category fc ON fc.film_id = i.film_id GROUP BY r.customer_id
    HAVING COUNT(DISTINCT fc.category_id) = (SELECT COUNT(*) FROM category) ORDER BY 1""",
)
def customers_who_like_everything() -> Query[Any]:
    """Which customers rented films of every category there is?"""
    return (
        select(Rental.customer_id)
        .join(Rental.inventory)
        .join(FilmCategory, on=FilmCategory.film_id == Inventory.film_id)
        .group_by(Rental.customer_id)
        .having(
            func.count(FilmCategory.category_id, distinct=True)
            == scalar(select(func.count(Category.category_id)))
        )
        .order_by(Rental.customer_id)
    )


@question(
    str,
    str,
    str,
    sql="""
    SELECT first_name, last_name, CAST('staff' AS varchar(8)) FROM staff
    UNION ALL SELECT first_name, last_name, 'customer' FROM customer WHERE store_id = 2 AND activebool = FALSE
    ORDER BY 2, 1""",
)
def people_to_write_to() -> Query[Any]:
    """Whom of the staff and of the customers who left do we write to, and as what?"""
    staff = select(Staff.first_name, Staff.last_name, case((Staff.staff_id > 0, "staff"), else_=""))
    gone = select(
        Customer.first_name, Customer.last_name, case((Customer.customer_id > 0, "customer"), else_="")
    ).where(Customer.store_id == 2, Customer.activebool == False)  # noqa: E712 - builds a condition
    return staff.union_all(gone).order_by(Staff.last_name, Staff.first_name)


@question(
    int,
    str,
    int,
    str,
    str,
    sql="""
    SELECT DISTINCT r.customer_id, FIRST_VALUE(f.title) OVER w, COUNT(*) OVER w, LAST_VALUE(f.title) OVER w,
      NTH_VALUE(f.title, 2) OVER w
    FROM rental r JOIN inventory i ON i.inventory_id = r.inventory_id JOIN film f ON f.film_id = i.film_id
    WHERE r.customer_id <= 20
    WINDOW w AS (PARTITION BY r.customer_id ORDER BY r.rental_date, r.rental_id
      ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) ORDER BY 1""",
)
def first_and_last_films() -> Query[Any]:
    """What did each customer rent first, second and last, and how many films in all?"""
    whole = window(
        "whole",
        partition_by=Rental.customer_id,
        order_by=[Rental.rental_date, Rental.rental_id],
        rows=(None, None),
    )
    return (
        select(
            Rental.customer_id,
            func.first_value(Film.title).over(whole),
            func.count().over(whole),
            func.last_value(Film.title).over(whole),
            func.nth_value(Film.title, 2).over(whole),
        )
        .join(Rental.inventory)
        .join(Inventory.film)
        .where(Rental.customer_id <= 20)
        .distinct()
        .order_by(Rental.customer_id)
    )
