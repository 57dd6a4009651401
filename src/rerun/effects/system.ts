import type { Family } from './effect';

/** Users, packages, processes and settings of a machine. */
export const system: readonly Family[] = [
  {
    see: 'https://manpages.debian.org/bookworm/passwd/useradd.8.en.html',
    rows: [
      ['useradd -D', 'nothing', ''],
      ['useradd', 'create', 'user:{-1}', { status: 9 }],
      ['userdel', 'remove', 'user:{-1}', { status: 6 }],
      ['groupadd', 'create', 'group:{-1}', { status: 9, unless: ['-f', '--force'] }],
      ['groupdel', 'remove', 'group:{-1}', { status: 6 }],
      ['usermod -l', 'rename', 'user:{-1} user:{-l}', { status: 6 }],
      ['usermod --login', 'rename', 'user:{-1} user:{--login}', { status: 6 }],
      ['groupmod -n', 'rename', 'group:{-1} group:{-n}', { status: 6 }],
      ['usermod -p', 'set', 'password:{-1}', { value: '{-p}' }],
      ['usermod --password', 'set', 'password:{-1}', { value: '{--password}' }],
      ['getent passwd', 'probe', 'user:{0}', { status: 2 }],
      ['getent group', 'probe', 'group:{0}', { status: 2 }],
      ['id', 'probe', 'user:{0}'],
      ['groups', 'probe', 'user:{0}'],
    ],
  },
  {
    // With two names it makes a user member of a group, which may be so already.
    see: 'https://manpages.debian.org/bookworm/adduser/adduser.8.en.html',
    rows: [
      ['adduser', 'ensure', 'membership:{0}/{1}'],
      ['adduser', 'create', 'user:{0}', { unless: ['--system', '-r'] }],
      ['addgroup', 'ensure', 'membership:{0}/{1}'],
      ['addgroup', 'create', 'group:{0}', { unless: ['--system', '-S'] }],
      ['deluser', 'remove', 'membership:{0}/{1}', { status: 6 }],
      ['gpasswd -a', 'ensure', 'membership:{-a}/{-1}'],
      ['gpasswd -d', 'remove', 'membership:{-d}/{-1}', { status: 3 }],
      ['deluser', 'remove', 'user:{0}', { status: 2 }],
      ['delgroup', 'remove', 'group:{0}', { status: 3 }],
    ],
  },
  {
    see: 'https://manpages.debian.org/bookworm/apt/apt-get.8.en.html',
    rows: [
      ['apt-get|apt|aptitude install', 'ensure', 'package:{each}'],
      ['apt-get|apt|aptitude remove', 'discard', 'package:{each}'],
      ['apt-get|apt|aptitude purge', 'discard', 'package:{each}'],
      ['dpkg --purge', 'discard', 'package:{each}'],
      ['dpkg -s', 'probe', 'package:{0}'],
      ['dpkg --status', 'probe', 'package:{0}'],
      ['dpkg-query -W', 'probe', 'package:{0}'],
      ['dpkg-query -s', 'probe', 'package:{0}'],
      [
        'dpkg-statoverride --add',
        'create',
        'override:of {-1}',
        { status: 2, unless: ['--force-all', '--force-statoverride-add'] },
      ],
      ['dpkg-statoverride --list', 'probe', 'override:of {-1}'],
      ['dpkg -l', 'list', 'package'],
      ['dpkg-query -l', 'list', 'package'],
    ],
  },
  {
    see: 'https://man7.org/linux/man-pages/man8/rpm.8.html',
    rows: [
      ['rpm -qa', 'list', 'package'],
      ['rpm -q', 'probe', 'package:{0}'],
      ['rpm --query', 'probe', 'package:{0}'],
      ['rpm -U', 'ensure', 'package:{0}'],
      ['rpm -F', 'ensure', 'package:{0}'],
      ['rpm -i', 'create', 'package:{0}', { unless: ['--force', '--replacepkgs'] }],
      ['rpm --install', 'create', 'package:{0}', { unless: ['--force', '--replacepkgs'] }],
      ['yum|dnf|microdnf|zypper install', 'ensure', 'package:{each}'],
      ['yum|dnf|microdnf|zypper remove', 'discard', 'package:{each}'],
      ['apk add', 'ensure', 'package:{each}'],
      ['apk del', 'discard', 'package:{each}'],
      ['apk info -e', 'probe', 'package:{0}'],
      ['brew install', 'ensure', 'package:{each}'],
      ['brew list', 'probe', 'package:{0}'],
      ['snap install', 'ensure', 'package:{each}'],
      ['snap list', 'probe', 'package:{0}'],
      ['pip install', 'ensure', 'python package:{each}'],
      ['pip show', 'probe', 'python package:{0}'],
      ['pip list', 'list', 'python package'],
      ['pip freeze', 'list', 'python package'],
      ['gem install', 'ensure', 'gem:{each}'],
      ['gem list -i', 'probe', 'gem:{0}'],
      ['gem list --installed', 'probe', 'gem:{0}'],
      ['gem list', 'list', 'gem'],
    ],
  },
  {
    see: 'https://manpages.debian.org/bookworm/flatpak/flatpak-remote-add.1.en.html',
    rows: [['flatpak remote-add', 'create', 'remote:{0}', { unless: ['--if-not-exists'] }]],
  },
  {
    // Versions that are there already are built again only after a question.
    see: 'https://github.com/pyenv/pyenv/blob/master/COMMANDS.md',
    rows: [
      [
        'pyenv install',
        'create',
        'python version:{0}',
        { asks: true, unless: ['-s', '--skip-existing', '-f', '--force', '-l', '--list'] },
      ],
      [
        'rbenv install',
        'create',
        'ruby version:{0}',
        { asks: true, unless: ['-s', '--skip-existing', '-f', '--force', '-l', '--list'] },
      ],
      [
        'conda env create',
        'create',
        'environment:{?-n}{?--name}{?-f}{?-p}',
        { unless: ['--force', '-y', '--yes'] },
      ],
    ],
  },
  {
    see: 'https://getcomposer.org/doc/03-cli.md#create-project',
    rows: [
      ['composer create-project', 'create', '@{1}', { unless: ['--force', '--ask'] }],
      ['django-admin startproject', 'create', '@{0}'],
      ['django-admin startapp', 'create', '@{0}'],
      ['rails new', 'create', '@{0}', { asks: true, unless: ['--skip', '-s', '--force', '-f'] }],
      ['cargo new', 'create', '@{0}', { status: 101 }],
      ['poetry new', 'create', '@{0}'],
      ['vagrant init', 'create', '@Vagrantfile', { unless: ['-f', '--force', '--output'] }],
      ['ansible-galaxy init', 'create', '@{0}', { unless: ['--force', '-f'] }],
      ['alembic init', 'create', '@{0}'],
      ['flask db init', 'create', '@migrations'],
      ['bundle init', 'create', '@Gemfile'],
    ],
  },
  {
    see: 'https://developer.wordpress.org/cli/commands/',
    rows: [
      ['wp core download', 'create', 'download:of wordpress{?--path}', { unless: ['--force'] }],
      ['wp config create', 'create', 'file:wp-config.php{?--path}', { unless: ['--force'] }],
      ['wp user create', 'create', 'user:{0} of the site'],
      ['wp user get', 'probe', 'user:{0} of the site'],
    ],
  },
  {
    see: 'https://docs.oracle.com/en/java/javase/21/docs/specs/man/keytool.html',
    rows: [
      ['keytool -genkeypair', 'create', 'key:{-alias}{?-keystore}'],
      ['keytool -genkey', 'create', 'key:{-alias}{?-keystore}'],
      ['keytool -importcert', 'create', 'key:{-alias}{?-keystore}'],
      ['keytool -import', 'create', 'key:{-alias}{?-keystore}'],
      ['keytool -delete', 'remove', 'key:{-alias}{?-keystore}'],
      ['keytool -list', 'probe', 'key:{-alias}{?-keystore}'],
    ],
  },
  {
    see: 'https://man7.org/linux/man-pages/man1/tmux.1.html',
    rows: [
      ['tmux new-session', 'create', 'session:{-s}', { unless: ['-A'] }],
      ['tmux new', 'create', 'session:{-s}', { unless: ['-A'] }],
      ['tmux has-session', 'probe', 'session:{-t}'],
      ['tmux kill-session', 'remove', 'session:{-t}'],
      ['screen -dmS', 'add', 'session:{-dmS}'],
    ],
  },
  {
    see: 'https://pm2.keymetrics.io/docs/usage/quick-start/',
    rows: [
      ['pm2 start', 'create', 'process:{--name}', { unless: ['-f', '--force'] }],
      ['pm2 delete', 'remove', 'process:{0}'],
      ['pm2 describe', 'probe', 'process:{0}'],
      ['pm2 list', 'list', 'process'],
    ],
  },
  {
    see: 'https://manpages.debian.org/bookworm/dpkg/start-stop-daemon.8.en.html',
    rows: [
      ['start-stop-daemon --start', 'create', 'process:{--exec}', { unless: ['-o', '--oknodo'] }],
    ],
  },
  {
    see: 'https://man7.org/linux/man-pages/man8/semanage-fcontext.8.html',
    rows: [
      ['semanage -a', 'create', '{0}:{-t} {-1}'],
      ['semanage -a', 'create', '{0}:{-1}'],
      ['semanage --add', 'create', '{0}:{-1}'],
      ['semanage -d', 'remove', '{0}:{-1}'],
      ['semanage -l', 'list', '{0}'],
    ],
  },
  {
    see: 'https://docs.npmjs.com/cli/v10/commands/npm-version',
    rows: [
      ['npm|yarn version patch', 'add', 'version:of the package'],
      ['npm|yarn version minor', 'add', 'version:of the package'],
      ['npm|yarn version major', 'add', 'version:of the package'],
      ['npm|yarn version prerelease', 'add', 'version:of the package'],
      ['npm version', 'create', 'version:{0} of the package', { unless: ['--allow-same-version'] }],
      ['poetry version patch', 'add', 'version:of the package'],
      ['poetry version minor', 'add', 'version:of the package'],
      ['poetry version major', 'add', 'version:of the package'],
    ],
  },
  {
    // macOS: a list of a setting grows.
    see: 'https://ss64.com/mac/defaults.html',
    rows: [['defaults write -array-add', 'add', 'setting:{1} {2}']],
  },
  {
    see: 'https://man7.org/linux/man-pages/man1/at.1p.html',
    rows: [
      ['at', 'add', 'job:for at'],
      ['batch', 'add', 'job:for batch'],
    ],
  },
  {
    see: 'https://laravel.com/docs/11.x/encryption#configuration',
    rows: [['php artisan key:generate', 'renew', 'key:of the application']],
  },
  {
    see: 'https://docs.djangoproject.com/en/5.0/ref/django-admin/#createsuperuser',
    rows: [
      ['python manage.py createsuperuser', 'create', 'user:of the site{?--username}{?--email}'],
      ['django-admin createsuperuser', 'create', 'user:of the site{?--username}{?--email}'],
    ],
  },
  {
    see: 'https://asdf-vm.com/manage/plugins.html',
    rows: [
      ['asdf plugin add', 'create', 'plugin:{0}', { status: 2 }],
      ['asdf plugin-add', 'create', 'plugin:{0}', { status: 2 }],
      ['asdf plugin list', 'list', 'plugin'],
      ['helm plugin install', 'create', 'helm plugin:{0}'],
      ['helm plugin list', 'list', 'helm plugin'],
    ],
  },
  {
    see: 'https://man7.org/linux/man-pages/man1/mkfifo.1.html',
    rows: [
      ['mkfifo', 'create', '@{each}'],
      ['mknod', 'create', '@{0}'],
    ],
  },
];
