import { describe, expect, it } from 'vitest'
import { projectManifest } from './empty-project.ts'
import { importedPackages } from './imported-packages.ts'
import { parsePacked } from './pack-package.ts'
import { fileFaults, importFaults, typeFaults } from './package-faults.ts'
import { builtFiles, parseManifest, withDependencies } from './workspace-packages.ts'

const manifest = (name: string, sections: Readonly<Record<string, unknown>> = {}) =>
  parseManifest(`${name}/package.json`, { name, ...sections })

describe('importedPackages', () => {
  it('finds imports, re-exports, requires and dynamic imports, by package', () => {
    const source = [
      "import { a } from '@kic/nn/node'",
      "export { b } from 'zod'",
      "const c = require('iconv-lite')",
      "const d = await import('onnxruntime-node')",
      "import { join } from 'node:path'",
      "import fs from 'fs'",
      "import './own.js'",
      'const text = "import(\'not-an-import\')"',
    ]
    expect(importedPackages(source.join('\n'))).toEqual(['@kic/nn', 'iconv-lite', 'onnxruntime-node', 'zod'])
  })
})

describe('faults of a package', () => {
  it('are undeclared imports', () => {
    const own = manifest('@kic/x', {
      dependencies: { '@kic/core': '1' },
      optionalDependencies: { 'onnxruntime-node': '1' },
      peerDependencies: { '@tensorflow/tfjs': '^4' },
    })
    const imports = ['@kic/core', '@kic/x', '@tensorflow/tfjs', 'onnxruntime-node', 'zod', 'zod']
    expect(importFaults(own, imports)).toEqual([expect.stringContaining('imports zod')])
  })

  it('are types of the whole of TensorFlow.js', () => {
    const imports = ['@kic/core', '@tensorflow/tfjs']
    expect(typeFaults('dist/index.d.ts', imports)).toHaveLength(1)
    expect(typeFaults('dist/chunk.d.cts', imports)).toHaveLength(1)
    expect(typeFaults('dist/index.js', imports)).toEqual([])
    expect(typeFaults('dist/index.d.ts', ['@tensorflow/tfjs-core'])).toEqual([])
  })

  it('are missing and unwanted files', () => {
    expect(fileFaults(['README.md', 'LICENSE', 'dist/index.js', 'src/index.ts'])).toEqual([])
    expect(
      fileFaults(['README.md', 'src/a.test.ts', 'src/__fixtures__/a.json', 'dist/binding.node']),
    ).toHaveLength(4)
  })
})

describe('workspace packages', () => {
  it('name every built file of their exports', () => {
    const exports = {
      '.': {
        '@kic/source': './src/index.ts',
        import: { types: './dist/index.d.ts' },
        require: './dist/index.cjs',
      },
      './package.json': './package.json',
    }
    expect(builtFiles(exports)).toEqual(['./dist/index.d.ts', './dist/index.cjs'])
  })

  it('include their dependencies', () => {
    const packages = [
      manifest('a', { dependencies: { b: '1', other: '1' } }),
      manifest('b', { peerDependencies: { c: '1' } }),
      manifest('c', { dependencies: { a: '1' } }),
      manifest('d'),
    ].map((own) => ({ folder: own.name, manifest: own }))
    expect(withDependencies(packages, 'b').map(({ folder }) => folder)).toEqual(['a', 'b', 'c'])
    expect(withDependencies(packages, 'd').map(({ folder }) => folder)).toEqual(['d'])
  })

  it('are refused without a name, or with invalid sections', () => {
    expect(() => parseManifest('x/package.json', {})).toThrow(/x\/package\.json must have a name/)
    expect(() => manifest('x', { dependencies: { a: 1 } })).toThrow(/dependencies of x\/package\.json/)
  })
})

describe('an empty project', () => {
  const packed = ['@kic/core', '@kic/x'].map((name) => ({
    folder: name,
    manifest: manifest(name, { peerDependencies: { '@tensorflow/tfjs': '^4.22.0' } }),
    tarball: `/tmp/${name}.tgz`,
    files: [],
  }))
  const [, subject] = packed

  it('installs the packages of the README, and tarballs for the rest', () => {
    if (subject === undefined) throw new Error('no subject')
    expect(projectManifest(subject, ['@kic/x', '@tensorflow/tfjs'], packed)).toMatchObject({
      dependencies: { '@kic/x': 'file:/tmp/@kic/x.tgz', '@tensorflow/tfjs': '^4.22.0' },
      overrides: { '@kic/core': 'file:/tmp/@kic/core.tgz' },
    })
    expect(() => projectManifest(subject, ['left-pad'], packed)).toThrow(/installs left-pad/)
  })
})

describe('parsePacked', () => {
  it('reads the output of npm pack, and refuses other output', () => {
    const printed = JSON.stringify([{ filename: 'x.tgz', files: [{ path: 'README.md', size: 1 }] }])
    expect(parsePacked('x', printed)).toEqual({ filename: 'x.tgz', files: ['README.md'] })
    expect(() => parsePacked('x', '{}')).toThrow(/npm pack of x printed/)
  })
})
