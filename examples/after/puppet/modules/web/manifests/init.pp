# The web server of the shop.
class web {
  package { 'nginx':
    ensure => installed,
  }

  exec { 'unpack the shop':
    creates => '/opt/shop',
    command => 'mkdir /opt/shop && tar -xzf /tmp/shop.tgz -C /opt/shop',
    path    => ['/bin', '/usr/bin'],
  }
}
