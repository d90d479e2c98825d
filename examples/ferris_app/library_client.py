"""Writes a book, reads it, and deletes it again, with Google's own library: python library_client.py [http://localhost:8080]"""

import sys

from googleapiclient import discovery

ADDRESS = sys.argv[1] if len(sys.argv) > 1 else "http://localhost:8080"
BOOK = {
    "title": "Frankenstein",
    "author": "Mary Shelley",
    "shelf": "FICTION",
    "published": {"year": 1818, "month": 1, "day": 1},
}


def main() -> None:
    documents = f"{ADDRESS}/_ah/api/discovery/v1/apis/{{api}}/{{apiVersion}}/rest"
    with discovery.build("library", "v1", discoveryServiceUrl=documents) as library:
        books = library.books()
        written = books.insert(body=BOOK).execute()
        print(books.get(itemId=written["id"]).execute()["title"])
        print(books.count(author="Mary Shelley", until=1820).execute())
        for book in books.list().execute()["items"]:
            print(f"{book['title']}, by {book['author']}, {book['published']['year']}")
        books.delete(itemId=written["id"]).execute()


if __name__ == "__main__":
    main()
