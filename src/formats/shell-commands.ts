import { lookUp } from '../text/look-up';
/**
 * What a command is for. `probe` only asks; `read` only shows; neither changes anything. Rules ask for the class of
 * a command, never for operators around it.
 */
export type CommandClass =
  | 'build'
  | 'test'
  | 'lint'
  | 'scan'
  | 'deploy'
  | 'publish'
  | 'migrate'
  | 'install'
  | 'fetch'
  | 'read'
  | 'probe'
  | 'clean'
  | 'notify'
  | 'print';

/**
 * Name → class, or name → leading words → class. A key's last word may end in `*`; the longest key wins; the key ''
 * is what holds when no other does. Flags between the words do not count. Sources are the tools' own manuals.
 */
const table: Readonly<Record<string, CommandClass | Readonly<Record<string, CommandClass>>>> = {
  // JavaScript
  npm: {
    test: 'test',
    t: 'test',
    'run test*': 'test',
    'run e2e*': 'test',
    'run build*': 'build',
    'run lint*': 'lint',
    'run typecheck*': 'lint',
    'run deploy*': 'deploy',
    'run migrate*': 'migrate',
    build: 'build',
    audit: 'scan',
    publish: 'publish',
    install: 'install',
    i: 'install',
    ci: 'install',
    view: 'read',
    config: 'read',
    cache: 'clean',
  },
  yarn: {
    test: 'test',
    'test*': 'test',
    build: 'build',
    'build*': 'build',
    lint: 'lint',
    'lint*': 'lint',
    'run test*': 'test',
    'run build*': 'build',
    'run lint*': 'lint',
    'npm publish': 'publish',
    publish: 'publish',
    install: 'install',
    add: 'install',
    audit: 'scan',
    '': 'install',
  },
  pnpm: {
    test: 'test',
    build: 'build',
    lint: 'lint',
    'run test*': 'test',
    'run build*': 'build',
    'run lint*': 'lint',
    publish: 'publish',
    install: 'install',
    i: 'install',
    add: 'install',
    audit: 'scan',
  },
  bun: { test: 'test', build: 'build', install: 'install', i: 'install', add: 'install' },
  deno: { test: 'test', lint: 'lint', check: 'lint', fmt: 'lint', publish: 'publish' },
  prisma: { 'migrate deploy': 'migrate', 'db push': 'migrate', generate: 'build' },
  knex: { 'migrate:latest': 'migrate' },
  typeorm: { 'migration:run': 'migrate' },
  sequelize: { 'db:migrate': 'migrate' },
  'sequelize-cli': { 'db:migrate': 'migrate' },
  lerna: { publish: 'publish', 'run test*': 'test', 'run build*': 'build' },
  changeset: { publish: 'publish' },
  turbo: { 'run test*': 'test', 'run build*': 'build', 'run lint*': 'lint' },
  ava: 'test',
  karma: { start: 'test' },
  nyc: 'test',
  c8: 'test',
  biome: { check: 'lint', ci: 'lint', lint: 'lint' },
  stylelint: 'lint',
  markdownlint: 'lint',
  'markdownlint-cli2': 'lint',
  xo: 'lint',
  standard: 'lint',
  oxlint: 'lint',
  knip: 'lint',
  commitlint: 'lint',
  wrangler: { deploy: 'deploy', publish: 'deploy', 'pages deploy': 'deploy' },
  jest: 'test',
  vitest: 'test',
  mocha: 'test',
  cypress: { run: 'test' },
  playwright: { test: 'test' },
  eslint: 'lint',
  prettier: 'lint',
  tsc: 'build',
  webpack: 'build',
  vite: { build: 'build' },
  // Python
  pytest: 'test',
  'py.test': 'test',
  tox: 'test',
  nox: 'test',
  python: {
    'setup.py test': 'test',
    'setup.py build*': 'build',
    'setup.py sdist': 'build',
    'setup.py bdist_wheel': 'build',
    'setup.py install': 'install',
    'setup.py develop': 'install',
    'manage.py test': 'test',
    'manage.py migrate': 'migrate',
  },
  pip: {
    list: 'read',
    freeze: 'read',
    show: 'probe',
    uninstall: 'clean',
    install: 'install',
    download: 'install',
    wheel: 'build',
    check: 'test',
  },
  pipx: { install: 'install' },
  unittest: 'test',
  django: { test: 'test', migrate: 'migrate' },
  'django-admin': { test: 'test', migrate: 'migrate' },
  nose2: 'test',
  behave: 'test',
  pyright: 'lint',
  pyflakes: 'lint',
  pycodestyle: 'lint',
  pydocstyle: 'lint',
  vulture: 'lint',
  compileall: 'lint',
  build: 'build',
  poetry: { install: 'install', build: 'build', publish: 'publish', check: 'lint' },
  uv: {
    sync: 'install',
    'pip install': 'install',
    'tool install': 'install',
    build: 'build',
    publish: 'publish',
  },
  pdm: { install: 'install', sync: 'install', build: 'build', publish: 'publish' },
  hatch: { test: 'test', build: 'build', publish: 'publish', fmt: 'lint' },
  pipenv: { install: 'install', sync: 'install' },
  mkdocs: { build: 'build', 'gh-deploy': 'deploy' },
  'sphinx-build': 'build',
  conda: { install: 'install', env: 'install' },
  twine: { upload: 'publish' },
  flake8: 'lint',
  pylint: 'lint',
  mypy: 'lint',
  ruff: 'lint',
  black: 'lint',
  isort: 'lint',
  alembic: { upgrade: 'migrate' },
  flask: { 'db upgrade': 'migrate' },
  bandit: 'scan',
  safety: 'scan',
  'pip-audit': 'scan',
  // Go, Rust, C
  go: {
    test: 'test',
    build: 'build',
    install: 'install',
    vet: 'lint',
    'mod download': 'install',
    generate: 'build',
    env: 'read',
    list: 'read',
    version: 'read',
    'mod tidy': 'install',
    'mod vendor': 'install',
    'mod verify': 'test',
    clean: 'clean',
  },
  gotest: 'test',
  ginkgo: 'test',
  gosec: 'scan',
  govulncheck: 'scan',
  staticcheck: 'lint',
  golint: 'lint',
  gofumpt: 'lint',
  goimports: 'lint',
  ko: { build: 'build', publish: 'publish', apply: 'deploy' },
  mage: { test: 'test', build: 'build', lint: 'lint' },
  gotestsum: 'test',
  'golangci-lint': 'lint',
  cargo: {
    test: 'test',
    nextest: 'test',
    bench: 'test',
    build: 'build',
    check: 'build',
    doc: 'build',
    deny: 'scan',
    fetch: 'install',
    metadata: 'read',
    clippy: 'lint',
    fmt: 'lint',
    publish: 'publish',
    install: 'install',
    audit: 'scan',
  },
  make: {
    'test*': 'test',
    'check*': 'test',
    all: 'build',
    'deploy*': 'deploy',
    image: 'build',
    images: 'build',
    push: 'publish',
    install: 'install',
    clean: 'clean',
    '': 'build',
  },
  ninja: { test: 'test', '': 'build' },
  cmake: { '--build': 'build', '--install': 'install', '': 'build' },
  ctest: 'test',
  meson: { test: 'test', compile: 'build', install: 'install' },
  gcc: 'build',
  cc: 'build',
  clang: 'build',
  rustc: 'build',
  javac: 'build',
  'clang-format': 'lint',
  'clang-tidy': 'lint',
  cppcheck: 'lint',
  valgrind: 'test',
  bazel: { test: 'test', build: 'build', clean: 'clean', info: 'read', query: 'read' },
  // JVM, .NET, Ruby, PHP
  mvn: {
    test: 'test',
    verify: 'test',
    'clean verify': 'test',
    'clean test': 'test',
    package: 'build',
    'clean package': 'build',
    install: 'build',
    'clean install': 'build',
    deploy: 'publish',
    'clean deploy': 'publish',
  },
  gradle: {
    test: 'test',
    check: 'test',
    'clean build': 'build',
    'clean test': 'test',
    build: 'build',
    assemble: 'build',
    publish: 'publish',
    'publish*': 'publish',
    integrationTest: 'test',
    connectedAndroidTest: 'test',
    connectedCheck: 'test',
    detekt: 'lint',
    ktlintCheck: 'lint',
    spotlessCheck: 'lint',
  },
  sbt: { test: 'test', compile: 'build', publish: 'publish' },
  ant: { test: 'test', '': 'build' },
  dotnet: {
    test: 'test',
    build: 'build',
    publish: 'build',
    restore: 'install',
    'nuget push': 'publish',
  },
  msbuild: 'build',
  bundle: {
    install: 'install',
    check: 'probe',
    config: 'read',
    update: 'install',
  },
  cucumber: 'test',
  brakeman: 'scan',
  'bundler-audit': 'scan',
  'bundle-audit': 'scan',
  standardrb: 'lint',
  erblint: 'lint',
  reek: 'lint',
  foodcritic: 'lint',
  cookstyle: 'lint',
  kitchen: { test: 'test', verify: 'test', converge: 'test' },
  inspec: { exec: 'test', check: 'test' },
  fastlane: { test: 'test', '': 'deploy' },
  rspec: 'test',
  rubocop: 'lint',
  rake: { test: 'test', 'test*': 'test', spec: 'test', 'db:migrate': 'migrate' },
  rails: { test: 'test', 'db:migrate': 'migrate' },
  gem: { install: 'install', push: 'publish', build: 'build' },
  composer: {
    install: 'install',
    update: 'install',
    require: 'install',
    test: 'test',
    lint: 'lint',
    audit: 'scan',
    'run-script test*': 'test',
    validate: 'lint',
  },
  phpunit: 'test',
  pest: 'test',
  behat: 'test',
  phpstan: 'lint',
  psalm: 'lint',
  phpcs: 'lint',
  'php-cs-fixer': 'lint',
  pint: 'lint',
  php: {
    'artisan migrate': 'migrate',
    'artisan test': 'test',
    'bin/phpunit': 'test',
    'vendor/bin/phpunit': 'test',
  },
  mix: {
    test: 'test',
    compile: 'build',
    'deps.get': 'install',
    credo: 'lint',
    dialyzer: 'lint',
    format: 'lint',
    'ecto.migrate': 'migrate',
    'hex.publish': 'publish',
  },
  rebar3: { eunit: 'test', ct: 'test', compile: 'build', dialyzer: 'lint' },
  lein: { test: 'test' },
  stack: { test: 'test', build: 'build' },
  cabal: { test: 'test', build: 'build' },
  dart: { test: 'test', analyze: 'lint', format: 'lint' },
  flutter: { test: 'test', build: 'build', analyze: 'lint' },
  swiftlint: 'lint',
  ktlint: 'lint',
  detekt: 'lint',
  swift: { test: 'test', build: 'build' },
  xcodebuild: { test: 'test', '': 'build' },
  bats: 'test',
  prove: 'test',
  k6: { run: 'test' },
  newman: { run: 'test' },
  goss: { validate: 'test' },
  dgoss: { run: 'test' },
  'container-structure-test': { test: 'test' },
  chainsaw: { test: 'test' },
  kuttl: { test: 'test' },
  sonobuoy: { run: 'test' },
  shellspec: 'test',
  // Infrastructure as code and its checks
  terraform: {
    plan: 'test',
    validate: 'test',
    fmt: 'lint',
    apply: 'deploy',
    destroy: 'clean',
    init: 'install',
    output: 'read',
    show: 'read',
    graph: 'read',
    providers: 'read',
    'state list': 'read',
    'state show': 'read',
    'workspace list': 'read',
    'workspace show': 'read',
    test: 'test',
    get: 'install',
  },
  tofu: {
    plan: 'test',
    validate: 'test',
    test: 'test',
    fmt: 'lint',
    apply: 'deploy',
    destroy: 'clean',
    init: 'install',
    output: 'read',
    show: 'read',
  },
  terragrunt: {
    plan: 'test',
    apply: 'deploy',
    'run-all apply': 'deploy',
    'run-all plan': 'test',
    validate: 'test',
    hclfmt: 'lint',
  },
  terrascan: 'scan',
  kics: 'scan',
  pulumi: { up: 'deploy', preview: 'test', destroy: 'clean', stack: 'read' },
  packer: { build: 'build', validate: 'test', fmt: 'lint', init: 'install' },
  vagrant: { destroy: 'clean', halt: 'clean', status: 'read', validate: 'test', package: 'build' },
  'ansible-galaxy': { install: 'install', collection: 'install', role: 'install' },
  'ansible-test': 'test',
  cdk: { deploy: 'deploy', synth: 'build', diff: 'read' },
  serverless: { deploy: 'deploy' },
  sam: { deploy: 'deploy', build: 'build', validate: 'test' },
  'ansible-playbook': { '': 'deploy' },
  'ansible-lint': 'lint',
  molecule: { test: 'test', converge: 'test', idempotence: 'test' },
  tflint: 'lint',
  tfsec: 'scan',
  checkov: 'scan',
  trivy: 'scan',
  grype: 'scan',
  syft: 'scan',
  dockle: 'scan',
  trufflehog: 'scan',
  'osv-scanner': 'scan',
  zizmor: 'lint',
  kubescape: 'scan',
  polaris: 'scan',
  popeye: 'scan',
  dclint: 'lint',
  shfmt: 'lint',
  'markdown-link-check': 'lint',
  typos: 'lint',
  misspell: 'lint',
  'editorconfig-checker': 'lint',
  pluto: 'lint',
  datree: 'lint',
  regal: 'lint',
  opa: { test: 'test', check: 'lint' },
  buf: { lint: 'lint', breaking: 'lint', build: 'build', generate: 'build', push: 'publish' },
  vale: 'lint',
  'cfn-lint': 'lint',
  snyk: { test: 'scan', monitor: 'scan', container: 'scan' },
  semgrep: 'scan',
  gitleaks: 'scan',
  hadolint: 'lint',
  shellcheck: 'lint',
  yamllint: 'lint',
  actionlint: 'lint',
  'kube-linter': 'lint',
  'kube-score': 'lint',
  kubeconform: 'test',
  kubeval: 'test',
  conftest: 'test',
  'pre-commit': { run: 'lint', install: 'install' },
  promtool: { check: 'test', test: 'test' },
  codespell: 'lint',
  // Containers and clusters
  docker: {
    build: 'build',
    'buildx build': 'build',
    'image build': 'build',
    push: 'publish',
    'image push': 'publish',
    'compose build': 'build',
    'compose up': 'deploy',
    'compose down': 'clean',
    'compose pull': 'fetch',
    'compose ps': 'read',
    'compose logs': 'read',
    'compose config': 'read',
    'compose rm': 'clean',
    'compose stop': 'clean',
    'compose kill': 'clean',
    'buildx bake': 'build',
    'buildx imagetools inspect': 'probe',
    'buildx imagetools create': 'publish',
    'manifest push': 'publish',
    'manifest inspect': 'probe',
    search: 'read',
    top: 'read',
    stats: 'read',
    port: 'read',
    diff: 'read',
    history: 'read',
    'container ls': 'read',
    'volume ls': 'read',
    'network ls': 'read',
    'image ls': 'read',
    'compose ls': 'read',
    'scout cves': 'scan',
    'stack rm': 'clean',
    'service rm': 'clean',
    'stack deploy': 'deploy',
    'service update': 'deploy',
    pull: 'fetch',
    login: 'install',
    rm: 'clean',
    rmi: 'clean',
    stop: 'clean',
    kill: 'clean',
    logout: 'clean',
    'container rm': 'clean',
    'container stop': 'clean',
    'container prune': 'clean',
    'image rm': 'clean',
    'image prune': 'clean',
    'network rm': 'clean',
    'volume rm': 'clean',
    'system prune': 'clean',
    'builder prune': 'clean',
    ps: 'read',
    images: 'read',
    logs: 'read',
    inspect: 'probe',
    info: 'probe',
    version: 'probe',
    'image inspect': 'probe',
    'network inspect': 'probe',
    'volume inspect': 'probe',
    'container inspect': 'probe',
  },
  'docker-compose': {
    build: 'build',
    up: 'deploy',
    down: 'clean',
    rm: 'clean',
    stop: 'clean',
    pull: 'fetch',
    ps: 'read',
    logs: 'read',
  },
  buildah: { bud: 'build', build: 'build', push: 'publish' },
  kaniko: 'build',
  skopeo: { copy: 'publish', inspect: 'probe' },
  kubectl: {
    apply: 'deploy',
    create: 'deploy',
    replace: 'deploy',
    'set image': 'deploy',
    patch: 'deploy',
    rollout: 'deploy',
    'rollout status': 'test',
    'rollout undo': 'deploy',
    delete: 'clean',
    get: 'read',
    describe: 'read',
    logs: 'read',
    version: 'probe',
    wait: 'test',
    diff: 'read',
    'cluster-info': 'probe',
    'config view': 'read',
    'config current-context': 'read',
    'config get-contexts': 'read',
    'api-resources': 'read',
    'api-versions': 'read',
    explain: 'read',
    top: 'read',
    auth: 'probe',
    'rollout history': 'read',
    drain: 'clean',
  },
  oc: {
    apply: 'deploy',
    create: 'deploy',
    replace: 'deploy',
    rollout: 'deploy',
    'rollout status': 'test',
    delete: 'clean',
    get: 'read',
    describe: 'read',
    logs: 'read',
    whoami: 'probe',
  },
  kustomize: { build: 'build' },
  helm: {
    upgrade: 'deploy',
    install: 'deploy',
    uninstall: 'clean',
    delete: 'clean',
    lint: 'lint',
    test: 'test',
    template: 'build',
    'repo add': 'install',
    'repo update': 'install',
    'dependency update': 'install',
    'dependency build': 'install',
    push: 'publish',
    package: 'build',
    list: 'read',
    ls: 'read',
    status: 'read',
    get: 'read',
    show: 'read',
    search: 'read',
    history: 'read',
    rollback: 'deploy',
    unittest: 'test',
    'plugin install': 'install',
    'repo list': 'read',
    'repo remove': 'clean',
  },
  helmfile: { apply: 'deploy', sync: 'deploy', diff: 'read' },
  skaffold: { run: 'deploy', deploy: 'deploy', build: 'build' },
  argocd: { 'app sync': 'deploy' },
  kind: { 'delete cluster': 'clean', create: 'install', get: 'read', version: 'probe' },
  k3d: { 'cluster delete': 'clean', 'cluster create': 'install' },
  cr: { upload: 'publish', package: 'build' },
  minikube: { delete: 'clean', start: 'install', stop: 'clean' },
  ct: { lint: 'lint', install: 'test' },
  // Clouds and releases
  aws: {
    'cloudformation deploy': 'deploy',
    'ecs update-service': 'deploy',
    'lambda update-function-code': 'deploy',
    's3 sync': 'deploy',
    's3 cp': 'deploy',
    // From a bucket to the machine is no deployment.
    's3 sync s3:*': 'fetch',
    's3 cp s3:*': 'fetch',
    's3 sync s3:* s3:*': 'deploy',
    's3 cp s3:* s3:*': 'deploy',
    's3 rm': 'clean',
    's3 ls': 'read',
    'sts get-caller-identity': 'probe',
    'ecs wait': 'test',
    'cloudformation wait': 'test',
    'deploy create-deployment': 'deploy',
    'cloudformation create-stack': 'deploy',
    'cloudformation update-stack': 'deploy',
    'cloudformation validate-template': 'test',
    'elasticbeanstalk update-environment': 'deploy',
    'apprunner start-deployment': 'deploy',
    'ecr get-login-password': 'read',
  },
  gcloud: { 'app deploy': 'deploy', 'run deploy': 'deploy', 'functions deploy': 'deploy' },
  az: { 'webapp deploy': 'deploy', 'deployment group create': 'deploy' },
  firebase: { deploy: 'deploy' },
  vercel: { deploy: 'deploy', '': 'deploy' },
  netlify: { deploy: 'deploy' },
  fly: { deploy: 'deploy' },
  flyctl: { deploy: 'deploy' },
  heroku: { 'container:release': 'deploy', 'container:push': 'publish' },
  cf: { push: 'deploy' },
  cap: { '*': 'deploy' },
  gh: {
    'release create': 'publish',
    'release upload': 'publish',
    'release view': 'probe',
    'release list': 'read',
    'release download': 'fetch',
    'issue create': 'notify',
    'issue comment': 'notify',
    'issue list': 'read',
    'issue view': 'read',
    'issue edit': 'notify',
    'pr comment': 'notify',
    'pr edit': 'notify',
    'pr view': 'read',
    'pr list': 'read',
    'pr checks': 'test',
    'pr diff': 'read',
    'run view': 'read',
    'run list': 'read',
    'run watch': 'test',
    'run download': 'fetch',
    'auth status': 'probe',
    label: 'notify',
  },
  jfrog: { 'rt upload': 'publish', 'rt download': 'fetch' },
  jf: { 'rt upload': 'publish', 'rt download': 'fetch' },
  cosign: { sign: 'publish', verify: 'test', attest: 'publish' },
  oras: { push: 'publish', pull: 'fetch' },
  crane: { push: 'publish', copy: 'publish', digest: 'probe', manifest: 'probe', ls: 'read' },
  'github-release': { release: 'publish', upload: 'publish', delete: 'clean' },
  dput: 'publish',
  nomad: { 'job run': 'deploy', run: 'deploy', status: 'read', validate: 'test', plan: 'test' },
  kamal: { deploy: 'deploy' },
  eb: { deploy: 'deploy' },
  copilot: { deploy: 'deploy' },
  dokku: { 'git:sync': 'deploy' },
  goreleaser: { release: 'publish', '': 'publish' },
  'semantic-release': 'publish',
  // Operating-system packages
  'apt-get': {
    install: 'install',
    update: 'install',
    upgrade: 'install',
    'dist-upgrade': 'install',
    remove: 'clean',
    purge: 'clean',
    autoremove: 'clean',
    clean: 'clean',
    autoclean: 'clean',
  },
  apt: {
    install: 'install',
    update: 'install',
    upgrade: 'install',
    remove: 'clean',
    purge: 'clean',
    autoremove: 'clean',
    clean: 'clean',
  },
  apk: { add: 'install', update: 'install', upgrade: 'install', del: 'clean' },
  yum: { install: 'install', update: 'install', remove: 'clean', clean: 'clean', erase: 'clean' },
  dnf: { install: 'install', update: 'install', remove: 'clean', clean: 'clean' },
  microdnf: { install: 'install', update: 'install', clean: 'clean' },
  zypper: { install: 'install', in: 'install', remove: 'clean' },
  pacman: { '-S*': 'install', '-R*': 'clean' },
  brew: {
    install: 'install',
    upgrade: 'install',
    update: 'install',
    uninstall: 'clean',
    cleanup: 'clean',
    list: 'probe',
    info: 'read',
    outdated: 'read',
  },
  snap: { install: 'install', remove: 'clean', list: 'probe' },
  dpkg: {
    '-i': 'install',
    '--install': 'install',
    '-l': 'probe',
    '--list': 'probe',
    '-s': 'probe',
    '--status': 'probe',
    '-L': 'read',
    '--print-architecture': 'read',
    '--get-selections': 'probe',
    '-r': 'clean',
    '-P': 'clean',
    '--purge': 'clean',
  },
  'apt-cache': 'read',
  'apt-mark': { showmanual: 'read' },
  rustup: { '': 'install', show: 'read', which: 'probe' },
  nvm: { install: 'install', use: 'install', ls: 'read', version: 'read' },
  rpm: { '-q*': 'probe', '-i*': 'install', '-U*': 'install', '-e': 'clean' },
  // Databases
  flyway: { migrate: 'migrate' },
  liquibase: { update: 'migrate' },
  dbmate: { up: 'migrate', migrate: 'migrate' },
  goose: { up: 'migrate' },
  // Asking
  test: 'probe',
  '[': 'probe',
  '[[': 'probe',
  '((': 'probe',
  grep: 'probe',
  egrep: 'probe',
  fgrep: 'probe',
  rg: 'probe',
  command: 'probe',
  which: 'probe',
  type: 'probe',
  hash: 'probe',
  id: 'probe',
  getent: 'probe',
  pgrep: 'probe',
  pidof: 'probe',
  diff: 'probe',
  cmp: 'probe',
  stat: 'probe',
  host: 'probe',
  dig: 'probe',
  nslookup: 'probe',
  ss: 'probe',
  netstat: 'probe',
  lsof: 'probe',
  fuser: 'probe',
  modinfo: 'probe',
  lsmod: 'probe',
  whereis: 'probe',
  sha256sum: 'probe',
  sha512sum: 'probe',
  sha1sum: 'probe',
  shasum: 'probe',
  md5sum: 'probe',
  nmap: 'probe',
  zgrep: 'probe',
  ldd: 'probe',
  needrestart: 'probe',
  'needs-restarting': 'probe',
  getconf: 'read',
  lsb_release: 'read',
  tr: 'read',
  seq: 'read',
  base64: 'read',
  comm: 'read',
  rev: 'read',
  tac: 'read',
  nl: 'read',
  od: 'read',
  xxd: 'read',
  hexdump: 'read',
  column: 'read',
  paste: 'read',
  fold: 'read',
  join: 'read',
  strings: 'read',
  numfmt: 'read',
  zcat: 'read',
  xzcat: 'read',
  gawk: 'read',
  bc: 'read',
  envsubst: 'read',
  dmesg: 'read',
  top: 'read',
  sw_vers: 'read',
  ipcs: 'read',
  ip: {
    'addr show': 'read',
    a: 'read',
    addr: 'read',
    'link show': 'read',
    'route show': 'read',
    'route get': 'read',
    route: 'read',
    'netns list': 'read',
  },
  mountpoint: 'probe',
  findmnt: 'probe',
  nc: 'probe',
  ping: 'probe',
  pg_isready: 'probe',
  expr: 'probe',
  read: 'probe',
  'dpkg-query': 'probe',
  systemctl: {
    'is-active': 'probe',
    'is-enabled': 'probe',
    'is-failed': 'probe',
    status: 'probe',
    stop: 'clean',
    disable: 'clean',
    mask: 'clean',
    'reset-failed': 'clean',
    'is-system-running': 'probe',
    'list-units': 'read',
    'list-unit-files': 'probe',
    cat: 'read',
    show: 'read',
  },
  git: {
    diff: 'probe',
    'rev-parse': 'probe',
    'ls-files': 'read',
    'ls-remote': 'probe',
    status: 'read',
    log: 'read',
    show: 'read',
    describe: 'read',
    'merge-base': 'probe',
    'show-ref': 'probe',
    'cat-file': 'probe',
    'diff-index': 'probe',
    'diff-files': 'probe',
    'ls-tree': 'read',
    'rev-list': 'read',
    'symbolic-ref': 'read',
    shortlog: 'read',
    blame: 'read',
    grep: 'probe',
    config: 'read',
    'remote get-url': 'probe',
    'worktree remove': 'clean',
    clean: 'clean',
    clone: 'fetch',
    fetch: 'fetch',
    pull: 'fetch',
  },
  // Showing
  cat: 'read',
  ls: 'read',
  head: 'read',
  tail: 'read',
  wc: 'read',
  sort: 'read',
  uniq: 'read',
  cut: 'read',
  awk: 'read',
  jq: 'read',
  yq: 'read',
  find: 'read',
  file: 'read',
  du: 'read',
  df: 'read',
  ps: 'read',
  env: 'read',
  printenv: 'read',
  pwd: 'read',
  hostname: 'read',
  whoami: 'read',
  uname: 'read',
  date: 'read',
  basename: 'read',
  dirname: 'read',
  realpath: 'read',
  readlink: 'read',
  nproc: 'read',
  free: 'read',
  uptime: 'read',
  journalctl: 'read',
  lsblk: 'read',
  blkid: 'read',
  less: 'read',
  more: 'read',
  echo: 'print',
  printf: 'print',
  // Clearing away
  rm: 'clean',
  rmdir: 'clean',
  unlink: 'clean',
  kill: 'clean',
  pkill: 'clean',
  killall: 'clean',
  umount: 'clean',
  userdel: 'clean',
  groupdel: 'clean',
  shred: 'clean',
  deluser: 'clean',
  delgroup: 'clean',
  swapoff: 'clean',
  losetup: { '-d': 'clean' },
  dropdb: 'clean',
  ipcrm: 'clean',
  fusermount: 'clean',
  rmmod: 'clean',
  wipefs: 'clean',
  // Fetching
  curl: 'fetch',
  wget: 'fetch',
  aria2c: 'fetch',
  // Telling
  mail: 'notify',
  sendmail: 'notify',
  'slack-notify': 'notify',
};

/** Other names of the same program. */
const aliases: Readonly<Record<string, string>> = {
  python3: 'python',
  python2: 'python',
  pip3: 'pip',
  pip2: 'pip',
  podman: 'docker',
  nerdctl: 'docker',
  mvnw: 'mvn',
  gradlew: 'gradle',
  gmake: 'make',
  'podman-compose': 'docker-compose',
  nosetests: 'pytest',
  aptitude: 'apt',
  bunx: 'npx',
  'kubectl.exe': 'kubectl',
};

/** The program's usual name: `pip3` and `/usr/bin/pip` are `pip`, `./mvnw` is `mvn`. */
export function canonicalName(name: string): string {
  const base = name.slice(name.lastIndexOf('/') + 1);
  if (/^python[23]?(\.\d+)?$/.test(base)) return 'python';
  if (/^pip[23](\.\d+)?$/.test(base)) return 'pip';
  return lookUp(aliases, base) ?? base;
}

/**
 * The class of a command by its canonical name, its words without flags and all its words; undefined where the table
 * has no row.
 */
export function classOf(
  name: string,
  operands: readonly string[],
  args: readonly string[],
): CommandClass | undefined {
  const inner = innerCommand(name, operands, args);
  if (inner) {
    const words = inner.slice(1).filter((word) => !word.startsWith('-'));
    return classOf(canonicalName(inner[0]!), words, inner.slice(1));
  }
  const contained = composeCommand(name, args);
  if (contained) {
    const words = contained.slice(1).filter((word) => !word.startsWith('-'));
    const found = classOf(canonicalName(contained[0]!), words, contained.slice(1));
    // What it changes inside a container is the container's; what it judges counts all the same.
    return found !== undefined && judges.has(found) ? found : undefined;
  }
  if (lookUp(rehearsals, name)?.some((flag) => args.includes(flag))) return undefined;
  // `docker build --push`, `docker buildx bake --push`: the image goes to its users at once.
  if (name === 'docker' && args.includes('--push')) return 'publish';
  const row = lookUp(table, name);
  if (row === undefined) return classByName(name);
  if (typeof row === 'string') return row;
  let best: CommandClass | undefined;
  let length = -1;
  for (const [words, found] of rowsOf(name, row)) {
    if (words.length <= length) continue;
    if (words.length === 0 && operands.length > 0 && namesTarget.has(name)) continue;
    const from = words[0]?.startsWith('-') ? args : operands;
    if (words.every((word, i) => matches(word, from[i]))) {
      best = found;
      length = words.length;
    }
  }
  return best ?? (runsTargets.has(name) ? classOfTarget(name, operands) : undefined);
}

const split = new Map<string, readonly (readonly [readonly string[], CommandClass])[]>();

/** The rows of a command with their words apart; taken apart once. */
function rowsOf(name: string, row: Readonly<Record<string, CommandClass>>) {
  let rows = split.get(name);
  if (!rows) {
    rows = Object.entries(row).map(([key, found]) => [key === '' ? [] : key.split(' '), found]);
    split.set(name, rows);
  }
  return rows;
}

/** Programs whose words are targets of the project's own: without one they do what is usual, with one what it says. */
const namesTarget = new Set(['make', 'ninja', 'ant', 'rake', 'yarn']);
const runsTargets = new Set([
  ...namesTarget,
  'npm',
  'pnpm',
  'bun',
  'task',
  'just',
  'gradle',
  'composer',
  'mage',
  'moon',
  'turbo',
  'nx',
]);

/** What a target's name says: `make test-unit`, `npm run ci:lint`, `just deploy`, `yarn jest`. */
function classOfTarget(name: string, operands: readonly string[]): CommandClass | undefined {
  const [first, second] = operands;
  const isRun = first === 'run' || first === 'run-script';
  if (name === 'npm' && !isRun) return undefined;
  for (const word of isRun ? [second] : operands) {
    if (word === undefined) continue;
    const row = lookUp(table, word);
    const found = typeof row === 'string' && judges.has(row) ? row : classByName(word);
    if (found) return found;
  }
  return undefined;
}

const judges = new Set<CommandClass>(['test', 'lint', 'scan', 'build']);

/** Flags that make the program only show what it would do. */
const rehearsals: Readonly<Record<string, readonly string[]>> = {
  make: ['-n', '--dry-run', '--just-print'],
  goreleaser: ['--snapshot', '--skip-publish', '--skip=publish'],
  kubectl: ['--dry-run', '--dry-run=client', '--dry-run=server'],
  helm: ['--dry-run'],
  npm: ['--dry-run'],
  cargo: ['--dry-run'],
  aws: ['--dryrun', '--dry-run'],
  'ansible-playbook': ['--syntax-check', '--check', '-C', '--list-tasks', '--list-hosts'],
};

/** Words in front of a command that run it in the project's own surroundings: `poetry run pytest`. */
const runners: readonly (readonly string[])[] = [
  ['poetry', 'run'],
  ['uv', 'run'],
  ['uv', 'tool', 'run'],
  ['uvx'],
  ['pipx', 'run'],
  ['pipenv', 'run'],
  ['pdm', 'run'],
  ['hatch', 'run'],
  ['rye', 'run'],
  ['bundle', 'exec'],
  ['npx'],
  ['yarn', 'exec'],
  ['yarn', 'dlx'],
  ['pnpm', 'exec'],
  ['pnpm', 'dlx'],
  ['npm', 'exec'],
  ['go', 'tool'],
  ['coverage', 'run'],
];

/** Flags of runners that take the next word as their value. */
const runnerValues = new Set(['--with', '--group', '--extra', '-p', '--package', '--python', '-e']);

/** The command behind a runner, `python -m` or a shell that is given a script. */
function innerCommand(
  name: string,
  operands: readonly string[],
  args: readonly string[],
): readonly string[] | undefined {
  const module = args.indexOf('-m');
  const behind = module >= 0 ? args.slice(module + 1) : [];
  // While somebody types, nothing may stand there yet.
  if (behind.length > 0) {
    if (name === 'python' && behind[0] === operands[0]) return behind;
    if (name === 'coverage' && operands[0] === 'run') return behind;
  }
  if (
    scriptReaders.has(name) &&
    /^[\w./-]+$/.test(operands[0] ?? '') &&
    !args.includes('-c') &&
    !args.includes('-e')
  ) {
    return Object.hasOwn(table, name) && classInRow(name, operands) ? undefined : operands;
  }
  const runner = runners.find(
    ([program, ...words]) => program === name && words.every((word, i) => word === operands[i]),
  );
  if (!runner) return undefined;
  let at = 0;
  for (const word of runner.slice(1)) at = args.indexOf(word, at) + 1;
  while (args[at]?.startsWith('-')) at += runnerValues.has(args[at]!) ? 2 : 1;
  if (args[at] === undefined) return undefined;
  return args.slice(at);
}

/** Flags of `docker compose run` and `exec` that take the next word: https://docs.docker.com/reference/cli/docker/compose/run/. */
const composeValues = new Set(
  '-e --env --env-from-file --entrypoint -l --label --name -p --publish -u --user -v --volume -w --workdir --index --pull'.split(
    ' ',
  ),
);

/** The command behind `docker compose run SERVICE` or `exec SERVICE`. */
function composeCommand(name: string, args: readonly string[]): readonly string[] | undefined {
  if (name !== 'docker-compose' && !(name === 'docker' && args.includes('compose')))
    return undefined;
  const verb = args.findIndex((word) => word === 'run' || word === 'exec');
  if (verb < 0) return undefined;
  let at = verb + 1;
  while (args[at]?.startsWith('-')) at += composeValues.has(args[at]!) ? 2 : 1;
  const inner = args.slice(at + 1);
  return inner.length > 0 ? inner : undefined;
}

const scriptReaders = new Set([
  'sh',
  'bash',
  'dash',
  'ash',
  'python',
  'node',
  'ruby',
  'perl',
  'php',
]);

function classInRow(name: string, operands: readonly string[]): boolean {
  const row = lookUp(table, name);
  return (
    typeof row === 'object' &&
    Object.keys(row).some((key) => {
      const words = key.split(' ');
      return key !== '' && words.every((word, i) => matches(word, operands[i]));
    })
  );
}

function matches(pattern: string, word: string | undefined): boolean {
  if (word === undefined) return false;
  return pattern.endsWith('*') ? word.startsWith(pattern.slice(0, -1)) : pattern === word;
}

const said: readonly (readonly [RegExp, CommandClass])[] = [
  [/^(?:unit|integration|functional|acceptance|smoke|system)?[-_]?tests?$|^e2e$|^specs?$/, 'test'],
  [/^deploy(?:ment)?$/, 'deploy'],
  [/^(?:migrate|migrations?)$/, 'migrate'],
  [/^(?:lint|linter|linters|typecheck)$/, 'lint'],
  [/^(?:build|compile)$/, 'build'],
  [/^(?:publish|release)$/, 'publish'],
  [/^scan$/, 'scan'],
  [/^(?:clean|cleanup|teardown)$/, 'clean'],
];

/**
 * A script, function or target of the project's own, by what its name begins or ends with: `./run-tests.sh`,
 * `bin/deploy`, `lint-docs`. A word in its middle says too little (`setup_test_env`), and a `build-info` builds nothing.
 */
export function classByName(name: string): CommandClass | undefined {
  const parts = name
    .replace(/\.(?:sh|bash|py|rb|js|mjs|ts|pl)$/, '')
    .split(/[-_.:]+/)
    .filter(Boolean);
  const [first, second] = parts;
  const last = parts.at(-1);
  const leading = /^(?:run|ci|do|exec|make|x|docker|all)$/.test(first ?? '') ? second : first;
  if (/^(?:info|helpers?|env|data|dir|id|name|version|utils?|args|tag|path)$/.test(last ?? ''))
    return undefined;
  for (const word of [leading, `${leading}-${second}`, last]) {
    const found = word === undefined ? undefined : said.find(([pattern]) => pattern.test(word));
    if (found) return found[1];
  }
  // `images-scan-all` and the like: a scan is a scan wherever the word stands.
  return parts.includes('scan') ? 'scan' : undefined;
}
