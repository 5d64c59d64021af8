"""What the shop asks about its films and the people in them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from bridgeorm import Query, aliased, case, exists, func, optional, rollup, scalar, select, window

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
    Rating,
    Rental,
    Staff,
)


def earnings() -> Query[Any]:
    """What each film earned: a part of several questions."""
    return (
        select(
            Film.film_id.label("film"), Film.title.label("title"), func.sum(Payment.amount).label("earned")
        )
        .join(Inventory, on=Inventory.film_id == Film.film_id)
        .join(Rental, on=Rental.inventory_id == Inventory.inventory_id)
        .join(Payment, on=Payment.rental_id == Rental.rental_id)
        .group_by(Film.film_id, Film.title)
    )


EARNINGS = """WITH earned AS (
      SELECT f.film_id, f.title, SUM(p.amount) AS earned FROM film f
      JOIN inventory i ON i.film_id = f.film_id JOIN rental r ON r.inventory_id = i.inventory_id
      JOIN payment p ON p.rental_id = r.rental_id GROUP BY f.film_id, f.title)"""


@question(
    str,
    str,
    Decimal,
    int,
    sql=EARNINGS
    + """, ranked AS (SELECT c.name AS category, e.title, e.earned,
      RANK() OVER (PARTITION BY c.name ORDER BY e.earned DESC) AS place FROM earned e
      JOIN film_category fc ON fc.film_id = e.film_id JOIN category c ON c.category_id = fc.category_id)
    SELECT category, title, earned, place FROM ranked WHERE place <= 3 ORDER BY category, place, title""",
    sqlite=EARNINGS
    + """, ranked AS (SELECT c.name AS category, e.title, e.earned,
      RANK() OVER (PARTITION BY c.name ORDER BY e.earned COLLATE bridge_decimal DESC) AS place FROM earned e
      JOIN film_category fc ON fc.film_id = e.film_id JOIN category c ON c.category_id = fc.category_id)
    SELECT category, title, earned, place FROM ranked WHERE place <= 3 ORDER BY category, place, title""",
)
def best_films_of_each_category() -> Query[Any]:
    """Which three films of each category earned most?"""
    earned = earnings().cte("earned")
    title, taken = earned["title"], earned["earned"]
    place = func.rank().over(partition_by=Category.name, order_by=taken.desc()).label("place")
    ranked = (
        select(Category.name, title, taken, place)
        .select_from(earned)
        .join(FilmCategory, on=FilmCategory.film_id == earned["film"])
        .join(Category, on=Category.category_id == FilmCategory.category_id)
        .subquery("ranked")
    )
    return (
        select(ranked[Category.name], ranked[title], ranked[taken], ranked[place])
        .where(ranked[place] <= 3)
        .order_by(ranked[Category.name], ranked[place], ranked[title])
    )


@question(
    int,
    str,
    sql="""
    SELECT f.film_id, f.title FROM film f LEFT JOIN inventory i ON i.film_id = f.film_id
    WHERE i.inventory_id IS NULL ORDER BY f.film_id""",
)
def films_never_bought() -> Query[Any]:
    """Which films of the catalogue has no shop a copy of?"""
    return (
        select(Film.film_id, Film.title)
        .left_join(Inventory, on=Inventory.film_id == Film.film_id)
        .where(Inventory.inventory_id.is_null())
        .order_by(Film.film_id)
    )


@question(
    str,
    Decimal,
    Decimal,
    str,
    sql=EARNINGS
    + """, shares AS (SELECT title, earned, SUM(earned) OVER (ORDER BY earned DESC, title) AS so_far,
      SUM(earned) OVER () AS total FROM earned)
    SELECT title, earned, over(so_far, total),
      CASE WHEN so_far * 100 <= total * 20 THEN 'A' WHEN so_far * 100 <= total * 50 THEN 'B' ELSE 'C' END
    FROM shares ORDER BY so_far LIMIT 200""",
    sqlite=EARNINGS
    + """, shares AS (SELECT title, earned,
        SUM(earned) OVER (ORDER BY earned COLLATE bridge_decimal DESC, title) AS so_far,
        SUM(earned) OVER () AS total FROM earned)
    SELECT title, earned, over(so_far, total),
      CASE WHEN so_far * 100 <= total * 20 THEN 'A' WHEN so_far * 100 <= total * 50 THEN 'B' ELSE 'C' END
    FROM shares ORDER BY so_far COLLATE bridge_decimal LIMIT 200""",
)
def which_films_carry_the_shop() -> Query[Any]:
    """Which films bring the first fifth of all takings (A), which those up to half (B)?"""
    earned = earnings().cte("earned")
    title, taken = earned["title"], earned["earned"]
    so_far = func.sum(taken).over(order_by=[taken.desc(), title]).label("so_far")
    total = func.sum(taken).over().label("total")
    shares = select(title, taken, so_far, total).subquery("shares")
    reached, whole = shares[so_far], shares[total]
    kind = case((reached * 100 <= whole * 20, "A"), (reached * 100 <= whole * 50, "B"), else_="C")
    return (
        select(shares[title], shares[taken], func.round(reached / whole, 4), kind)
        .order_by(reached)
        .limit(200)
    )


@question(
    str,
    int,
    int,
    int,
    sql="""
    SELECT rating, COUNT(CASE WHEN length < 60 THEN 1 END),
      COUNT(CASE WHEN length BETWEEN 60 AND 120 THEN 1 END), COUNT(CASE WHEN length > 120 THEN 1 END)
    FROM film GROUP BY rating ORDER BY COUNT(*)""",
)
def lengths_of_films_by_rating() -> Query[Any]:
    """How many short, usual and long films are there of each rating?"""
    return (
        select(
            Film.rating.cast(str),
            func.count(case((Film.length < 60, 1))),
            func.count(case((Film.length.between(60, 120), 1))),
            func.count().filter(Film.length > 120),
        )
        .group_by(Film.rating)
        .order_by(func.count())
    )


@question(
    str,
    int,
    sql="""
    SELECT title, film_id FROM film WHERE title LIKE 'A%' AND LOWER(description) LIKE '%shark%'
      AND title NOT LIKE '%AN%' ORDER BY film_id""",
)
def films_with_sharks() -> Query[Any]:
    """Which films with an A, and without "AN", have a shark in their story?"""
    return (
        select(Film.title, Film.film_id)
        .where(Film.title.startswith("A"), Film.description.ilike("%shark%"), ~Film.title.contains("AN"))
        .order_by(Film.film_id)
    )


@question(
    str,
    Decimal,
    sql="""
    SELECT f.title, f.replacement_cost FROM film f JOIN film_category fc ON fc.film_id = f.film_id
    WHERE f.rental_rate = 0.99 AND f.replacement_cost > (
      SELECT AVG(o.replacement_cost) + 8 FROM film o JOIN film_category oc ON oc.film_id = o.film_id
      WHERE oc.category_id = fc.category_id) ORDER BY f.film_id""",
    sqlite="""
    SELECT f.title, f.replacement_cost FROM film f JOIN film_category fc ON fc.film_id = f.film_id
    WHERE f.rental_rate = '0.99' AND CAST(f.replacement_cost AS REAL) > (
      SELECT AVG(CAST(o.replacement_cost AS REAL)) + 8 FROM film o
      JOIN film_category oc ON oc.film_id = o.film_id
      WHERE oc.category_id = fc.category_id) ORDER BY f.film_id""",
)
def cheap_films_that_are_dear_to_replace() -> Query[Any]:
    """Which of the cheapest films cost far more to replace than others of their category?"""
    other, beside = aliased(Film), aliased(FilmCategory)
    usual = (
        select(func.avg(other.replacement_cost) + 8)
        .join(beside, on=beside.film_id == other.film_id)
        .where(beside.category_id == FilmCategory.category_id)
    )
    return (
        select(Film.title, Film.replacement_cost)
        .join(FilmCategory, on=FilmCategory.film_id == Film.film_id)
        .where(Film.rental_rate == Decimal("0.99"), Film.replacement_cost > scalar(usual))
        .order_by(Film.film_id)
    )


@question(
    int,
    int,
    int,
    int,
    sql="""
    WITH parted AS (SELECT length, NTILE(4) OVER (ORDER BY length, film_id) AS quarter FROM film)
    SELECT quarter, MIN(length), MAX(length), COUNT(*) FROM parted GROUP BY quarter ORDER BY quarter""",
)
def quartiles_of_length() -> Query[Any]:
    """How long are the shortest quarter of films, and the next ones?"""
    quarter = func.ntile(4).over(order_by=[Film.length, Film.film_id]).label("quarter")
    parted = select(Film.length, quarter).subquery("parted")
    length = parted[Film.length]
    return (
        select(parted[quarter], func.min(length), func.max(length), func.count())
        .group_by(parted[quarter])
        .order_by(parted[quarter])
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
    EXCEPT {_PLAYING} 'Comedy' ORDER BY 1, 2""",
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


@question(
    str,
    Decimal,
    sql="""
    SELECT c.name, mean(CAST(days(r.rental_date, r.return_date) AS numeric)) FROM rental r
    JOIN inventory i ON i.inventory_id = r.inventory_id JOIN film_category fc ON fc.film_id = i.film_id
    JOIN category c ON c.category_id = fc.category_id WHERE r.return_date IS NOT NULL
    GROUP BY c.name ORDER BY c.name""",
)
def days_kept_by_category() -> Query[Any]:
    """How many days do customers keep a film of each category, on average?"""
    kept = func.days_between(Rental.rental_date, Rental.return_date)
    return (
        select(Category.name, func.round(func.avg(kept), 2))
        .select_from(Rental)
        .join(Rental.inventory)
        .join(FilmCategory, on=FilmCategory.film_id == Inventory.film_id)
        .join(Category, on=Category.category_id == FilmCategory.category_id)
        .where(Rental.return_date.is_not_null())
        .group_by(Category.name)
        .order_by(Category.name)
    )


@question(
    str,
    int,
    int,
    capability="grouping_sets",
    sql="""
    SELECT rating, rental_duration, COUNT(*) FROM film GROUP BY ROLLUP(rating, rental_duration)
    ORDER BY rating NULLS LAST, rental_duration NULLS LAST""",
)
def catalogue_with_subtotals() -> Query[Any]:
    """How many films are there by rating and days of rental, with subtotals and the total?"""
    rating = Film.rating.cast(str)
    return (
        select(optional(rating), optional(Film.rental_duration), func.count())
        .group_by(rollup(rating, Film.rental_duration))
        .order_by(rating.nulls_last(), Film.rental_duration.nulls_last())
    )


@question(
    str,
    int,
    sql="""
    SELECT title, film_id FROM film WHERE 'Trailers' = ANY(special_features)
      AND NOT 'Commentaries' = ANY(special_features) AND rating = 'G' AND length > 170 ORDER BY film_id""",
    sqlite="""
    SELECT title, film_id FROM film WHERE special_features LIKE '%"Trailers"%'
      AND special_features NOT LIKE '%"Commentaries"%' AND rating = 'G' AND length > 170 ORDER BY film_id""",
)
def long_films_with_trailers() -> Query[Any]:
    """Which long films for everybody come with trailers but without commentaries?"""
    return (
        select(Film.title, Film.film_id)
        .where(
            Film.special_features.contains("Trailers"),
            ~Film.special_features.contains("Commentaries"),
            Film.rating == Rating.GENERAL,
            Film.length > 170,
        )
        .order_by(Film.film_id)
    )


@question(
    str,
    dict,
    sql="""
    SELECT c.name, json_object_agg(f.title, f.length) FROM category c
    JOIN film_category fc ON fc.category_id = c.category_id JOIN film f ON f.film_id = fc.film_id
    WHERE f.length > 180 GROUP BY c.name ORDER BY c.name""",
    sqlite="""
    SELECT c.name, json_group_object(f.title, f.length) FROM category c
    JOIN film_category fc ON fc.category_id = c.category_id JOIN film f ON f.film_id = fc.film_id
    WHERE f.length > 180 GROUP BY c.name ORDER BY c.name""",
)
def longest_films_as_documents() -> Query[Any]:
    """Which films of over three hours has each category, as a document of titles and minutes?"""
    return (
        select(Category.name, func.json_object_agg(Film.title, Film.length))
        .select_from(Category)
        .join(FilmCategory, on=FilmCategory.category_id == Category.category_id)
        .join(Film, on=Film.film_id == FilmCategory.film_id)
        .where(Film.length > 180)
        .group_by(Category.name)
        .order_by(Category.name)
    )
