# The web server of the shop.
class web {
  package { 'nginx':
    ensure => latest,
  }

  exec { 'unpack the shop':
    command => 'mkdir /opt/shop && tar -xzf /tmp/shop.tgz -C /opt/shop',
    path    => ['/bin', '/usr/bin'],
  }
}
