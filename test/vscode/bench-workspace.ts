import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Files of a service: what a pipeline checks, builds and deploys, with something to find in most. */
function service(name: string): Readonly<Record<string, string>> {
  const manifest = (kind: string, part: string) => `apiVersion: apps/v1
kind: ${kind}
metadata: {name: ${name}-${part}}
spec:
  template:
    spec:
      containers: [{name: ${part}, image: "acme/${name}:latest"}]
`;
  const module = (part: string) => `resource "aws_instance" "${part}" {\n  ami = "ami-1"\n}\n`;
  const script = (part: string) => `#!/bin/sh
set -e
mkdir /srv/${name}
curl https://example.com/${part} > ${part}
./${name}-${part}
`;
  return {
    Dockerfile: 'FROM node:latest\nRUN apt-get update\nCOPY . .\n',
    'compose.yaml': `services:\n  ${name}:\n    build: .\n    image: acme/${name}\n`,
    Makefile: 'build:\n\tdocker build -t acme/x .\n\ndeploy:\n\t./scripts/deploy.sh\n',
    'site.yml': '- hosts: all\n  tasks:\n    - shell: mkdir /srv/x\n',
    'k8s/web.yaml': manifest('Deployment', 'web'),
    'k8s/worker.yaml': manifest('Deployment', 'worker'),
    'k8s/data.yaml': manifest('StatefulSet', 'data'),
    'infra/main.tf': module('main'),
    'infra/network.tf': module('network'),
    'infra/data.tf': module('data'),
    'scripts/deploy.sh': `#!/bin/sh\nset -e\nkubectl apply -f services/${name}/k8s\nterraform -chdir=services/${name}/infra apply\n`,
    ...Object.fromEntries(
      ['backup', 'clean', 'load', 'migrate', 'probe', 'seed', 'start', 'stop'].map((part) => [
        `scripts/${part}.sh`,
        script(part),
      ]),
    ),
  };
}

const workflow = (name: string) => `name: ${name}
on: push
jobs:
  test:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@v4
      - run: shellcheck services/${name}/scripts/*.sh
      - run: terraform fmt -check -recursive services/${name}/infra
  ship:
    needs: test
    runs-on: ubuntu-24.04
    steps:
      - run: docker build -t acme/${name} services/${name}
      - run: make -C services/${name} deploy
`;

/** Writes a workspace of about that many files to check, each service with a pipeline; returns how many. */
export function writeWorkspace(folder: string, about: number): number {
  let files = 0;
  const write = (path: string, text: string) => {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    files++;
  };
  for (let i = 0; files < about; i++) {
    const name = `service-${i}`;
    for (const [path, text] of Object.entries(service(name)))
      write(`services/${name}/${path}`, text);
    write(`.github/workflows/${name}.yml`, workflow(name));
  }
  return files;
}
