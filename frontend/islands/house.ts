/** The one database on this device: what waits, and which place a code names. */

const HOUSE = "linchpin-reports";

export function asked<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((done, failed) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });
}

export async function house<T>(name: string, mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const opening = indexedDB.open(HOUSE, 1);
  opening.onupgradeneeded = () => {
    opening.result.createObjectStore("waiting", { keyPath: "once" });
    opening.result.createObjectStore("places", { keyPath: "path" });
  };
  return asked(work((await asked(opening)).transaction(name, mode).objectStore(name)));
}
