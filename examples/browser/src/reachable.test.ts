import type { Rollup } from 'vite'
import { expect, it } from 'vitest'
import { reachable } from '../build/reachable.ts'

const asset = (fileName: string, source: string | Uint8Array): Rollup.OutputAsset => ({
  type: 'asset',
  fileName,
  source,
  name: undefined,
  names: [],
  originalFileName: null,
  originalFileNames: [],
})

it('follows names through pages, scripts and workers, but not to another page', () => {
  const files = [
    asset('index.html', '<script src="./assets/index-1.js">'),
    asset('train.html', '<script src="./assets/train-2.js">'),
    asset('assets/index-1.js', `new Worker('worker-3.js'); link('./train.html')`),
    asset('assets/worker-3.js', new TextEncoder().encode(`fetch('small-4.wasm')`)),
    // Bytes that happen to be a name say nothing.
    asset('assets/small-4.wasm', new TextEncoder().encode('large-5.wasm')),
    asset('assets/train-2.js', 'large-5.wasm'),
    asset('assets/large-5.wasm', Uint8Array.of(0)),
  ]
  const bundle = Object.fromEntries(files.map((file) => [file.fileName, file]))
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
