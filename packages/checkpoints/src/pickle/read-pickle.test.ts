import { describe, expect, it } from 'vitest'
import { readPickle } from './read-pickle.ts'

const bytes = (...parts: readonly (number | string)[]): Uint8Array =>
  new Uint8Array(
    Buffer.concat(
      parts.map((part) => (typeof part === 'number' ? Uint8Array.of(part) : new TextEncoder().encode(part))),
    ),
  )

describe('readPickle', () => {
  it('reads plain values as written by CPython, in protocols 2, 4 and 5', () => {
    // python3 -c "import pickle; print(pickle.dumps({'a': [1, -2, 300, 70000, 2**70, None, True, 1.5, (1,), b'xy']}, P).hex())"
    const two =
      '80027d710058010000006171015d7102284b014afeffffff4d2c014a701101008a090000000000000000404e88473ff80000000000004b01857103635f636f646563730a656e636f64650a710458020000007879710558060000006c6174696e31710686710752710865732e'
    expect(() => readPickle(Buffer.from(two, 'hex'))).toThrowError(
      expect.objectContaining({
        code: 'checkpoints/pickle-global',
        message: expect.stringContaining('_codecs.encode'),
      }),
    )
    const four =
      '8004953a000000000000007d948c0161945d94284b014afeffffff4d2c014a701101008a090000000000000000404e88473ff80000000000004b018594430278799465732e'
    const { value, length } = readPickle(Uint8Array.from(Buffer.from(four, 'hex')))
    expect(length).toBe(four.length / 2)
    const tuple = { kind: 'tuple', items: [1] }
    const items = [1, -2, 300, 70000, 2n ** 70n, null, true, 1.5, tuple, Uint8Array.of(0x78, 0x79)]
    expect(value).toEqual({ kind: 'dict', entries: [['a', { kind: 'list', items }]] })
  })

  it.each([
    ['by GLOBAL', bytes(0x80, 2, 'cos\nsystem\n', 0x2e), 'os.system'],
    ['by STACK_GLOBAL', bytes(0x80, 4, 0x8c, 2, 'os', 0x8c, 6, 'system', 0x93, 0x2e), 'os.system'],
    ['as an instance', bytes('(ios\nsystem\n', 0x2e), 'os.system'],
    ['of an allowed module', bytes(0x80, 2, 'ctorch\nload\n', 0x2e), 'torch.load'],
    [
      'that would unpickle again',
      bytes('ctorch.storage\n_load_from_bytes\n.'),
      'torch.storage._load_from_bytes',
    ],
    [
      'with a dot in its name',
      bytes('ccollections\nOrderedDict.fromkeys\n.'),
      'collections.OrderedDict.fromkeys',
    ],
    ['even one that is never called', bytes(0x80, 2, 'cnumpy\narray\n', 0x30, 0x4e, 0x2e), 'numpy.array'],
  ])('refuses a name that is not on the list, %s', (_, pickle, name) => {
    expect(() => readPickle(pickle)).toThrowError(
      expect.objectContaining({
        code: 'checkpoints/pickle-global',
        message: expect.stringContaining(name),
      }),
    )
  })

  it.each([
    ['the extension registry', 'opcode', bytes(0x80, 2, 0x82, 1, 0x2e)],
    ['NEWOBJ', 'opcode', bytes('ccollections\nOrderedDict\n', 0x29, 0x81, 0x2e)],
    ['an out-of-band buffer', 'opcode', bytes(0x80, 5, 0x97, 0x2e)],
    ['a call of a text', 'damaged', bytes(0x80, 2, 0x58, 1, 0, 0, 0, 'a', 0x29, 0x52, 0x2e)],
    ['a call of a storage class', 'damaged', bytes('ctorch\nFloatStorage\n', 0x29, 0x52, 0x2e)],
    ['a state for a list', 'damaged', bytes(0x80, 2, 0x5d, 0x7d, 0x62, 0x2e)],
    ['an empty stack', 'damaged', bytes(0x2e)],
    ['a mark that is closed twice', 'damaged', bytes(0x28, 0x74, 0x74, 0x2e)],
    ['a value from below the mark', 'damaged', bytes(0x4e, 0x28, 0x30, 0x2e)],
    ['a memo that was never stored', 'damaged', bytes(0x68, 7, 0x2e)],
    ['a text of four gigabytes', 'damaged', bytes(0x58, 255, 255, 255, 255, 'a', 0x2e)],
    ['a text of 2^63 bytes', 'damaged', bytes(0x8d, 0, 0, 0, 0, 0, 0, 0, 0x80, 0x2e)],
    ['a text that is no UTF-8', 'damaged', bytes(0x8c, 1, 0xff, 0x2e)],
    ['a name without end', 'damaged', bytes('ctorch')],
    ['no end', 'damaged', bytes(0x4e)],
    ['a million marks', 'limit', new Uint8Array(1_000_000).fill(0x28)],
    ['a million dicts', 'limit', bytes(']', '}a'.repeat(1_000_000), '.')],
    ['a million memos', 'limit', new Uint8Array(1_000_000).fill(0x94).fill(0x4e, 0, 1)],
  ])('refuses %s', (_, code, pickle) => {
    expect(() => readPickle(pickle)).toThrowError(
      expect.objectContaining({ code: `checkpoints/pickle-${code}` }),
    )
  })
})
