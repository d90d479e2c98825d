"""A Datastore in memory behind gRPC on the loopback interface: as much of it as the tests ask for."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, cast

import grpc
from google.cloud.datastore_v1.types import datastore, entity, query


class Datastore:
    """Entities by their serialized keys."""

    def __init__(self) -> None:
        self._entities: dict[bytes, Any] = {}
        self._ids = itertools.count(1)

    def lookup(self, request: Any, _context: object) -> Any:
        answer = datastore.LookupResponse()
        for key in request.keys:
            found = self._entities.get(_name(key))
            result = query.EntityResult(entity=found or entity.Entity(key=key))
            (answer.missing if found is None else answer.found).append(result)
        return answer

    def commit(self, request: Any, _context: object) -> Any:
        answer = datastore.CommitResponse()
        for mutation in request.mutations:
            result = datastore.MutationResult()
            if "delete" in mutation:
                self._entities.pop(_name(mutation.delete), None)
            else:
                stored = mutation.upsert
                last = stored.key.path[-1]
                if not (last.id or last.name):
                    last.id = next(self._ids)
                    result.key = stored.key
                self._entities[_name(stored.key)] = stored
            answer.mutation_results.append(result)
        return answer

    def run_query(self, request: Any, _context: object) -> Any:
        """Find by kind and no more, in the order of insertion; a cursor is the number of the next entity."""
        wanted = request.query
        start = int(wanted.start_cursor or b"0")
        found = [each for each in self._entities.values() if each.key.path[-1].kind == wanted.kind[0].name]
        limit = wanted.limit if "limit" in wanted else len(found)
        page = found[start : start + limit]
        more = query.QueryResultBatch.MoreResultsType
        batch = query.QueryResultBatch(
            entity_results=[
                query.EntityResult(entity=each, cursor=str(number).encode())
                for number, each in enumerate(page, start=start + 1)
            ],
            entity_result_type=query.EntityResult.ResultType.FULL,
            end_cursor=str(start + len(page)).encode(),
            more_results=more.MORE_RESULTS_AFTER_LIMIT if start + limit < len(found) else more.NO_MORE_RESULTS,
        )
        return datastore.RunQueryResponse(batch=batch)


def _name(key: Any) -> bytes:
    return bytes(entity.Key.serialize(key))


@contextmanager
def running() -> Iterator[str]:
    """Run an empty Datastore and tell where it is."""
    store, types = Datastore(), cast(Any, datastore)
    handlers = {
        name: grpc.unary_unary_rpc_method_handler(
            function, request_deserializer=request.deserialize, response_serializer=response.serialize
        )
        for name, function, request, response in [
            ("Lookup", store.lookup, types.LookupRequest, types.LookupResponse),
            ("Commit", store.commit, types.CommitRequest, types.CommitResponse),
            ("RunQuery", store.run_query, types.RunQueryRequest, types.RunQueryResponse),
        ]
    }
    server = grpc.server(ThreadPoolExecutor(4))
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler("google.datastore.v1.Datastore", handlers),))
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        yield f"127.0.0.1:{port}"
    finally:
        server.stop(None).wait()
