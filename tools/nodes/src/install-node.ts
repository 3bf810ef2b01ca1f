import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { KicError } from '@kic/core'

const run = promisify(execFile)

/** npm's package of the binaries, for this system. */
const packageName = (): string => `node-${process.platform}-${process.arch}`

/**
 * A release of Node.js from the npm registry.
 *
 * @param range what npm understands: `22`, `24.1.0`
 * @param cache kept from run to run; a folder for each version
 * @returns the version, and the folder of `node`
 * @throws KicError `nodes/not-installed`
 */
export const installNode = async (
  range: string,
  cache: string,
): Promise<{ readonly version: string; readonly bin: string }> => {
  try {
    const version = await newest(`${packageName()}@${range}`)
    const folder = join(cache, version)
    const bin = join(folder, 'node_modules', packageName(), 'bin')
    if (!existsSync(join(bin, 'node'))) {
      const options = ['--no-save', '--no-audit', '--no-fund', '--no-package-lock', '--ignore-scripts']
      await run('npm', ['install', '--prefix', folder, ...options, `${packageName()}@${version}`])
    }
    const { stdout } = await run(join(bin, 'node'), ['--version'])
    if (stdout.trim() !== `v${version}`) throw new Error(`node --version says ${stdout.trim()}`)
    return { version, bin }
  } catch (cause) {
    throw new KicError(
      'nodes/not-installed',
      `installNode: the npm registry must have ${packageName()}@${range}, received ${cause}. Choose others with --only.`,
      { cause },
    )
  }
}

/** The newest version that a range allows, as npm lists them by age of the release line. */
const newest = async (wanted: string): Promise<string> => {
  const { stdout } = await run('npm', ['view', wanted, 'version', '--json'])
  const found: string | string[] = JSON.parse(stdout)
  const versions = typeof found === 'string' ? [found] : found
  const last = versions.toSorted(byNumbers).at(-1)
  if (last === undefined) throw new Error('no version')
  return last
}

const byNumbers = (a: string, b: string): number => a.localeCompare(b, 'en', { numeric: true })
