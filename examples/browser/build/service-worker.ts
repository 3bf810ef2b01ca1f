import { createHash } from 'node:crypto'
import type { Plugin } from 'vite'
import { reachable } from './reachable.ts'

/** The page that needs more files than the first one: a WebAssembly of many megabytes, which not every visitor wants. */
const TRAINING_PAGE = 'train.html'

/** Keeps every file of a page at the first visit, so that it works without a network afterwards. */
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
    const training = reachable(bundle, TRAINING_PAGE)
    const coding = new Set([
      './',
      './icon.svg',
      ...[...reachable(bundle, 'index.html')].filter((name) => name !== 'index.html'),
      ...Object.keys(bundle).filter((name) => name.startsWith('model/')),
    ])
    const files = {
      coding: [...coding],
      training: [...training].filter((name) => !coding.has(name)),
    }
    this.emitFile({
      type: 'asset',
      fileName: 'service-worker.js',
      source: worker(files, hash.digest('hex').slice(0, 12)),
    })
  },
})

interface Files {
  readonly coding: readonly string[]
  readonly training: readonly string[]
}

/**
 * A new version of the page gets a cache of its own, and takes over once all of it is there. The training page asks for its
 * files by the message `training`, which is answered when they are kept; later versions then keep them, too.
 */
const worker = ({ coding, training }: Files, version: string): string => `const CACHE = 'kic-${version}'
const CODING = ${JSON.stringify(coding)}
const TRAINING = ${JSON.stringify(training)}
const keep = async (files) => {
  const cache = await caches.open(CACHE)
  await cache.addAll(files)
}
const kept = async () => (await caches.match('./${TRAINING_PAGE}')) !== undefined
self.addEventListener('install', (event) => {
  event.waitUntil(
    kept().then((all) => keep(all ? [...CODING, ...TRAINING] : CODING)).then(() => self.skipWaiting()),
  )
})
self.addEventListener('activate', (event) => {
  event.waitUntil(
    caches.keys()
      .then((names) => Promise.all(names.filter((name) => name.startsWith('kic-') && name !== CACHE).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  )
})
self.addEventListener('message', (event) => {
  if (event.data !== 'training') return
  const { source } = event
  event.waitUntil(
    kept().then((all) => all || keep(TRAINING)).then(() => source.postMessage('training'), () => undefined),
  )
})
self.addEventListener('fetch', (event) => {
  if (event.request.method !== 'GET' || new URL(event.request.url).origin !== self.location.origin) return
  event.respondWith(
    caches.open(CACHE).then((cache) => cache.match(event.request, { ignoreSearch: true, ignoreVary: true })).then((kept) => kept ?? fetch(event.request)),
  )
})
`
