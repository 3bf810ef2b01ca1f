import { expect, it } from 'vitest'
import { type BundledFile, reachable } from '../build/reachable.ts'

const asset = (source: string | Uint8Array): BundledFile => ({ type: 'asset', source })

it('follows names through pages, scripts and workers, but not to another page', () => {
  const bundle: Readonly<Record<string, BundledFile>> = {
    'index.html': asset('<script src="./assets/index-1.js">'),
    'train.html': asset('<script src="./assets/train-2.js">'),
    'assets/index-1.js': asset(`new Worker('worker-3.js'); link('./train.html')`),
    'assets/worker-3.js': asset(new TextEncoder().encode(`fetch('small-4.wasm')`)),
    // Bytes that happen to be a name say nothing.
    'assets/small-4.wasm': asset(new TextEncoder().encode('large-5.wasm')),
    'assets/train-2.js': asset('large-5.wasm'),
    'assets/large-5.wasm': asset(Uint8Array.of(0)),
  }
  expect([...reachable(bundle, 'index.html')].sort()).toEqual([
    'assets/index-1.js',
    'assets/small-4.wasm',
    'assets/worker-3.js',
    'index.html',
  ])
  expect([...reachable(bundle, 'train.html')].sort()).toEqual([
    'assets/large-5.wasm',
    'assets/train-2.js',
    'train.html',
  ])
})
