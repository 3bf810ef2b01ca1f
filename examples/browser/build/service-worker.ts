import { createHash } from 'node:crypto'
import type { Plugin } from 'vite'

/** Keeps every file of the page at the first visit, so that it works without a network afterwards. */
export const offline = (): Plugin => ({
  name: 'kic-offline',
  apply: 'build',
  // After all other plugins, whose files belong to the list.
  enforce: 'post',
  generateBundle(_, bundle) {
    const hash = createHash('sha256')
    for (const [name, file] of Object.entries(bundle)) {
      hash.update(name).update(file.type === 'chunk' ? file.code : file.source)
    }
    const files = ['./', './icon.svg', ...Object.keys(bundle).filter((name) => name !== 'index.html')]
    this.emitFile({
      type: 'asset',
      fileName: 'service-worker.js',
      source: worker(files, hash.digest('hex').slice(0, 12)),
    })
  },
})

/** A new version of the page gets a cache of its own, and takes over once all of it is there. */
const worker = (files: readonly string[], version: string): string => `const CACHE = 'kic-${version}'
const FILES = ${JSON.stringify(files)}
self.addEventListener('install', (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(FILES)).then(() => self.skipWaiting()))
})
self.addEventListener('activate', (event) => {
  event.waitUntil(
    caches.keys()
      .then((names) => Promise.all(names.filter((name) => name.startsWith('kic-') && name !== CACHE).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  )
})
self.addEventListener('fetch', (event) => {
  if (event.request.method !== 'GET' || new URL(event.request.url).origin !== self.location.origin) return
  event.respondWith(
    caches.open(CACHE).then((cache) => cache.match(event.request, { ignoreSearch: true, ignoreVary: true })).then((kept) => kept ?? fetch(event.request)),
  )
})
`
