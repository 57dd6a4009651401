/*
 * A filter of system calls for the kernel, in the form bwrap's --seccomp takes: instructions of classic BPF, eight bytes
 * each (https://www.kernel.org/doc/html/latest/userspace-api/seccomp_filter.html).
 *
 * Only one user id exists in the sandbox, so that giving a file to another user, or becoming another, must fail. Both
 * are usual in scripts that run as root, and neither is what a second run is judged by: the filter lets these calls
 * succeed without effect. The same trick is what Charliecloud builds images with
 * (https://hpc.github.io/charliecloud/ch-image.html#privilege-model).
 */

interface Machine {
  /** AUDIT_ARCH_… of the kernel's audit.h. */
  readonly audit: number;
  readonly succeed: readonly number[];
  readonly refuse: readonly number[];
  readonly clone: number;
  readonly unshare: number;
}

/** The newer calls have one number on all machines. */
const clone3 = 435;
const ioUringSetup = 425;

/** By `process.arch`. Numbers: arch/x86/entry/syscalls/syscall_64.tbl and scripts/syscall.tbl of the kernel's source. */
const machines: Readonly<Record<string, Machine>> = {
  x64: {
    audit: 0xc000003e,
    // chown, fchown, lchown, fchownat, setuid, setgid, setreuid, setregid, setgroups, setresuid, setresgid, setfsuid, setfsgid
    succeed: [92, 93, 94, 260, 105, 106, 113, 114, 116, 117, 119, 122, 123],
    // add_key, request_key, keyctl, bpf, perf_event_open, userfaultfd, open_by_handle_at
    refuse: [248, 249, 250, 321, 298, 323, 304, ioUringSetup],
    clone: 56,
    unshare: 272,
  },
  arm64: {
    audit: 0xc00000b7,
    // fchownat, fchown, setregid, setgid, setreuid, setuid, setresuid, setresgid, setfsuid, setfsgid, setgroups
    succeed: [54, 55, 143, 144, 145, 146, 147, 149, 151, 152, 159],
    // add_key, request_key, keyctl, bpf, perf_event_open, userfaultfd, open_by_handle_at
    refuse: [217, 218, 219, 280, 241, 282, 265, ioUringSetup],
    clone: 220,
    unshare: 97,
  },
};

const load = 0x20; // BPF_LD | BPF_W | BPF_ABS
const jumpIfEqual = 0x15; // BPF_JMP | BPF_JEQ | BPF_K
const jumpIfAtLeast = 0x35; // BPF_JMP | BPF_JGE | BPF_K
const jumpIfSet = 0x45; // BPF_JMP | BPF_JSET | BPF_K
const give = 0x06; // BPF_RET | BPF_K

const allow = 0x7fff0000;
const answer = (errno: number) => 0x00050000 | errno;
const EPERM = 1;
const ENOSYS = 38;
const newUserNamespace = 0x10000000; // CLONE_NEWUSER
const x32 = 0x40000000;

/** Where the kernel puts what a filter looks at (struct seccomp_data). */
const at = { number: 0, machine: 4, firstArgument: 16 } as const;

type Instruction = readonly [code: number, ifTrue: number, ifFalse: number, value: number];

/** The filter for a machine as `process.arch` names it; undefined where its numbers are not known. */
export function systemCallFilter(arch: string): Buffer | undefined {
  const machine = machines[arch];
  if (!machine) return undefined;
  const { audit, succeed, refuse, clone, unshare } = machine;
  const when = (number: number, result: number): readonly Instruction[] => [
    [jumpIfEqual, 0, 1, number],
    [give, 0, 0, result],
  ];
  /** A user namespace of its own would give a process rights again that were taken from it. */
  const withoutUserNamespace = (number: number): readonly Instruction[] => [
    [jumpIfEqual, 0, 4, number],
    [load, 0, 0, at.firstArgument],
    [jumpIfSet, 0, 1, newUserNamespace],
    [give, 0, 0, answer(EPERM)],
    [give, 0, 0, allow],
  ];
  const program: readonly Instruction[] = [
    [load, 0, 0, at.machine],
    [jumpIfEqual, 1, 0, audit],
    [give, 0, 0, answer(ENOSYS)],
    [load, 0, 0, at.number],
    [jumpIfAtLeast, 0, 1, x32],
    [give, 0, 0, answer(ENOSYS)],
    ...succeed.flatMap((number) => when(number, answer(0))),
    ...refuse.flatMap((number) => when(number, answer(EPERM))),
    // Its flags lie in memory, where no filter can look; programs fall back to clone.
    ...when(clone3, answer(ENOSYS)),
    ...withoutUserNamespace(clone),
    ...withoutUserNamespace(unshare),
    [give, 0, 0, allow],
  ];
  const bytes = Buffer.alloc(program.length * 8);
  for (const [index, [code, ifTrue, ifFalse, value]] of program.entries()) {
    bytes.writeUInt16LE(code, index * 8);
    bytes.writeUInt8(ifTrue, index * 8 + 2);
    bytes.writeUInt8(ifFalse, index * 8 + 3);
    bytes.writeUInt32LE(value, index * 8 + 4);
  }
  return bytes;
}
