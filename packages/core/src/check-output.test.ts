import { execFileSync, spawnSync } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { link, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { checkOutputFile, checkOutputFolder } from './check-output.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kic-output-'))
  await writeFile(join(folder, 'a-file'), 'x')
  await mkdir(join(folder, 'a-folder'))
})
afterAll(() => rm(folder, { recursive: true }))

const refusal = { code: 'core/output', message: expect.stringContaining('Choose another output.') }

it('leaves nothing behind where a way is free', async () => {
  await checkOutputFolder('trainModel', join(folder, 'new', 'deep', 'model'))
  await checkOutputFolder('trainModel', join(folder, 'a-folder'))
  await checkOutputFile('writeRows', join(folder, 'other', 'coded.csv'))
  await checkOutputFile('writeRows', join(folder, 'a-file'), ['-', join(folder, 'another')])
  expect((await readdir(folder)).sort()).toEqual(['a-file', 'a-folder'])
  expect(await readdir(join(folder, 'a-folder'))).toEqual([])
})

it('says what is in the way', async () => {
  await expect(checkOutputFolder('trainModel', join(folder, 'a-file'))).rejects.toMatchObject(refusal)
  await expect(checkOutputFolder('trainModel', join(folder, 'a-file', 'below'))).rejects.toMatchObject(
    refusal,
  )
  await expect(checkOutputFile('writeRows', join(folder, 'a-folder'))).rejects.toThrow('it is a folder')
  await expect(checkOutputFile('writeRows', join(folder, 'a-file', 'x.csv'))).rejects.toMatchObject(refusal)
  // No folder can be made there, and Node.js tries for ever.
  if (process.platform === 'linux') {
    await expect(checkOutputFile('writeRows', '/proc/kic/deep/x.csv')).rejects.toMatchObject(refusal)
    await expect(checkOutputFolder('trainModel', '/proc/kic/model')).rejects.toMatchObject(refusal)
  }
  const input = join(folder, 'a-file')
  await expect(checkOutputFile('writeRows', `${folder}/./a-file`, [input])).rejects.toThrow(
    'it is also an input',
  )
})

const lost = 'it is also an input, which would be lost'

it.runIf(process.platform !== 'win32')('knows an input by all its names', async () => {
  const at = await mkdtemp(join(folder, 'inputs-'))
  const named = (name: string): string => join(at, name)
  await writeFile(named('rows.csv'), 'x')
  await symlink('rows.csv', named('soft.csv'))
  await link(named('rows.csv'), named('hard.csv'))
  await symlink(at, named('folder'))
  const names = [...['rows.csv', 'soft.csv', 'hard.csv'].map(named), join(at, 'folder', 'rows.csv')]
  for (const output of names)
    for (const input of names)
      await expect(checkOutputFile('writeRows', output, [input]), `${input} to ${output}`).rejects.toThrow(
        lost,
      )
  await checkOutputFile('writeRows', named('other.csv'), names)
})

it.runIf(process.platform !== 'win32')('does not lose an input to the unfinished output', async () => {
  const at = await mkdtemp(join(folder, 'partial-'))
  const named = (name: string): string => join(at, name)
  await writeFile(named('rows.csv.partial'), 'x')
  await symlink('rows.csv.partial', named('soft.csv'))
  await symlink('rows.csv', named('dangling.csv'))
  for (const output of ['rows.csv', 'dangling.csv'])
    for (const input of ['rows.csv.partial', 'soft.csv'])
      await expect(checkOutputFile('writeRows', named(output), [named(input)])).rejects.toThrow(lost)
})

it.runIf(process.platform !== 'win32')('knows the file that standard input reads', async () => {
  const at = await mkdtemp(join(folder, 'standard-'))
  await writeFile(join(at, 'rows.csv'), 'x')
  const program = `
    import { checkOutputFile } from ${JSON.stringify(join(import.meta.dirname, 'check-output.ts'))}
    const checking = checkOutputFile('writeRows', process.argv.at(-1), ['-'])
    console.log(await checking.then(() => 'free', (error) => error.message))`
  const check = (output: string): string => {
    const input = openSync(join(at, 'rows.csv'), 'r')
    const args = ['--import', 'tsx', '--input-type=module', '-e', program, '--', output]
    const { stdout } = spawnSync(process.execPath, args, {
      stdio: [input, 'pipe', 'inherit'],
      encoding: 'utf8',
    })
    closeSync(input)
    return stdout
  }
  expect(check(join(at, 'rows.csv'))).toContain(lost)
  expect(check(join(at, 'coded.csv'))).toBe('free\n')
})

it.runIf(process.platform !== 'win32')('refuses devices and pipes, and links to them', async () => {
  const at = await mkdtemp(join(folder, 'streams-'))
  execFileSync('mkfifo', [join(at, 'pipe')])
  await symlink('/dev/null', join(at, 'null.csv'))
  const streams = ['/dev/null', '/dev/stdout', '/dev/fd/1', join(at, 'pipe'), join(at, 'null.csv')]
  for (const path of streams)
    await expect(checkOutputFile('writeRows', path), path).rejects.toMatchObject({
      code: 'core/output',
      message: expect.stringContaining('it is a device, pipe or socket, not a file; where standard output'),
    })
})

it.runIf(process.platform !== 'win32')('follows links to what is not there yet', async () => {
  const at = await mkdtemp(join(folder, 'links-'))
  await symlink('later/rows.csv', join(at, 'rows.csv'))
  await symlink('later', join(at, 'model'))
  await checkOutputFile('writeRows', join(at, 'rows.csv'))
  await checkOutputFolder('trainModel', join(at, 'model'))
  expect((await readdir(at)).sort()).toEqual(['model', 'rows.csv'])
})
