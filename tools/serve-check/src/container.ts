import { chmod, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { KicError } from '@kic/core'
import { packPackage, runCommand, withDependencies, workspacePackages } from '@kic/tool-pack-check'
import { classify } from './client.ts'
import type { KicCommand } from './started-server.ts'

const INSTALLED = ['@kic/cli', '@kic/model-mini']

/** What the container's build script installed, in a folder of its own. */
export interface Installation {
  readonly command: KicCommand
  remove(): Promise<void>
}

/**
 * Runs the steps of the container's build outside of a container: packs the packages, and installs them with
 * `container/build.sh` into a clean folder that every user can read.
 */
export const installWithBuildScript = async (): Promise<Installation> => {
  const root = resolve(import.meta.dirname, '../../..')
  const script = join(
    dirname(createRequire(import.meta.url).resolve('@kic/server/package.json')),
    'container/build.sh',
  )
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'kic-container-')))
  try {
    const packages = await workspacePackages(root)
    const names = new Set(INSTALLED.flatMap((name) => withDependencies(packages, name)))
    const packed = await Promise.all(Array.from(names, (built) => packPackage(built, folder)))
    const tarballs = Object.fromEntries(
      packed.map(({ manifest, tarball }) => [manifest.name, `file:${tarball}`]),
    )
    const place = join(folder, 'opt')
    await runCommand('mkdir', [place], { cwd: folder })
    // What the packages depend on in turn is not on the registry either, or not in this state.
    const overrides = Object.fromEntries(
      Object.entries(tarballs).filter(([name]) => !INSTALLED.includes(name)),
    )
    await writeFile(join(place, 'package.json'), JSON.stringify({ private: true, overrides }))
    await runCommand('sh', [script, place, ...INSTALLED.map((name) => `${name}@${tarballs[name]}`)], {
      cwd: folder,
      env: { ...process.env, npm_config_prefer_offline: 'true' },
    })
    await chmod(folder, 0o755)
    return {
      command: [join(place, 'node_modules/.bin/kic')],
      remove: () => rm(folder, { recursive: true, force: true }),
    }
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    throw error
  }
}

/** A user without rights, where the current one is root. */
export const unprivileged = (): { readonly uid?: number; readonly gid?: number } =>
  process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {}

/**
 * The first requests of somebody who has just started the container.
 *
 * @throws KicError `serve-check/answer`
 */
export const checkAnswers = async (url: string): Promise<string> => {
  const health = await fetch(`${url}/health`)
  const text = '카센터에서 자동차부분정비 타이어오일교환'
  const { status, body } = await classify(url, { text })
  if (health.status !== 200 || status !== 200 || !body.includes('"code":"952"'))
    throw new KicError(
      'serve-check/answer',
      `checkAnswers: /health must be 200 and the text must have the code 952, received ${health.status}, ${status} and ${body}.`,
    )
  return `/health is 200, and a classification has its code`
}
