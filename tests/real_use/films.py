"""What the shop asks about its films and the people in them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from bridgeorm import Query, aliased, case, func, optional, rollup, scalar, select

from .question import question
from .sakila import (
    Category,
    Film,
    FilmCategory,
    Inventory,
    Payment,
    Rating,
    Rental,
)

EARNED = func.sum(Payment.amount).label("earned")


def earnings() -> Query[tuple[int, str, Decimal | None]]:
    """What each film earned: a part of several questions."""
    return (
        select(Film.film_id, Film.title, EARNED)
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
    sql=EARNINGS  # noqa: S608 - text of the test's own
    + """, ranked AS (SELECT c.name AS category, e.title, e.earned,
      RANK() OVER (PARTITION BY c.name ORDER BY e.earned DESC) AS place FROM earned e
      JOIN film_category fc ON fc.film_id = e.film_id JOIN category c ON c.category_id = fc.category_id)
    SELECT category, title, earned, place FROM ranked WHERE place <= 3 ORDER BY category, place, title""",
    sqlite=EARNINGS  # noqa: S608 - text of the test's own
    + """, ranked AS (SELECT c.name AS category, e.title, e.earned,
      RANK() OVER (PARTITION BY c.name ORDER BY e.earned COLLATE bridge_decimal DESC) AS place FROM earned e
      JOIN film_category fc ON fc.film_id = e.film_id JOIN category c ON c.category_id = fc.category_id)
    SELECT category, title, earned, place FROM ranked WHERE place <= 3 ORDER BY category, place, title""",
)
def best_films_of_each_category() -> Query[Any]:
    """Which three films of each category earned most?"""
    earned = earnings().cte("earned")
    title, taken = earned[Film.title], earned[EARNED]
    place = func.rank().over(partition_by=Category.name, order_by=taken.desc()).label("place")
    ranked = (
        select(Category.name, title, taken, place)
        .select_from(earned)
        .join(FilmCategory, on=FilmCategory.film_id == earned[Film.film_id])
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
    sql=EARNINGS  # noqa: S608 - text of the test's own
    + """, shares AS (SELECT title, earned, SUM(earned) OVER (ORDER BY earned DESC, title) AS so_far,
      SUM(earned) OVER () AS total FROM earned)
    SELECT title, earned, over(so_far, total),
      CASE WHEN so_far * 100 <= total * 20 THEN 'A' WHEN so_far * 100 <= total * 50 THEN 'B' ELSE 'C' END
    FROM shares ORDER BY so_far LIMIT 200""",
    sqlite=EARNINGS  # noqa: S608 - text of the test's own
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
    title, taken = earned[Film.title], earned[EARNED]
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
