import type { Family } from './effect';

/** Addresses, routes, filters and disks of a machine. */
export const network: readonly Family[] = [
  {
    see: 'https://man7.org/linux/man-pages/man8/ip.8.html',
    rows: [
      ['ip addr|address|a add', 'create', 'interface:{dev}/address {0}', { status: 2 }],
      ['ip addr|address|a del', 'remove', 'interface:{dev}/address {0}', { status: 2 }],
      ['ip addr|address|a show', 'list', 'interface'],
      ['ip addr|address|a', 'list', 'interface'],
      ['ip link add', 'create', 'interface:{name}', { status: 2 }],
      ['ip link del', 'remove', 'interface:{name}'],
      ['ip link delete', 'remove', 'interface:{name}'],
      ['ip link show', 'probe', 'interface:{name}'],
      ['ip route|r add', 'create', 'route:{0}{?via}{?dev}{?table}', { status: 2 }],
      ['ip route|r del', 'remove', 'route:{0}{?via}{?dev}{?table}', { status: 2 }],
      ['ip route|r show', 'list', 'route'],
      ['ip rule add', 'add', 'rule:{*}'],
      ['ip rule show', 'list', 'rule'],
      ['ip rule list', 'list', 'rule'],
      ['ip netns add', 'create', 'namespace:{0}'],
      ['ip netns del', 'remove', 'namespace:{0}'],
      ['ip netns list', 'list', 'namespace'],
      ['ip tuntap add', 'create', 'interface:{name}', { status: 1 }],
      ['ip neigh add', 'create', 'neighbour:{0}', { status: 2 }],
      ['route add', 'create', 'route:{*}', { status: 7 }],
    ],
  },
  {
    see: 'https://man7.org/linux/man-pages/man8/bridge.8.html',
    rows: [
      ['brctl addbr', 'create', 'interface:{0}'],
      ['brctl delbr', 'remove', 'interface:{0}'],
      ['ovs-vsctl add-br', 'create', 'interface:{0}', { unless: ['--may-exist'] }],
      ['ovs-vsctl del-br', 'remove', 'interface:{0}', { unless: ['--if-exists'] }],
      ['wg-quick up', 'create', 'interface:{0}'],
      ['wg-quick down', 'remove', 'interface:{0}'],
      ['tc qdisc add', 'create', 'queue:{*}', { status: 2 }],
      ['tc qdisc del', 'remove', 'queue:{*}', { status: 2 }],
      ['nmcli con|connection|c add', 'add', 'connection:of nmcli{?con-name}'],
    ],
  },
  {
    see: 'https://ipset.netfilter.org/ipset.man.html',
    rows: [
      ['ipset create', 'create', 'set:{0}', { unless: ['-exist', '-!'] }],
      ['ipset add', 'create', 'entry:{1} of {0}', { unless: ['-exist', '-!'] }],
      ['ipset del', 'remove', 'entry:{1} of {0}', { unless: ['-exist', '-!'] }],
      ['ipset destroy', 'remove', 'set:{0}'],
      ['ipset list', 'probe', 'set:{0}'],
    ],
  },
  {
    see: 'https://manpages.debian.org/bookworm/nftables/nft.8.en.html',
    rows: [
      ['nft add rule', 'add', 'rule:{*}'],
      ['nft insert rule', 'add', 'rule:{*}'],
      ['nft create table', 'create', 'table:{1}'],
      ['nft create chain', 'create', 'chain:{2}'],
    ],
  },
  {
    see: 'https://firewalld.org/documentation/man-pages/firewall-cmd.html',
    rows: [
      ['firewall-cmd --new-zone', 'create', 'zone:{--new-zone}', { status: 26 }],
      ['firewall-cmd --new-service', 'create', 'service:{--new-service}', { status: 26 }],
      ['firewall-cmd --new-ipset', 'create', 'set:{--new-ipset}', { status: 26 }],
      ['firewall-cmd --delete-zone', 'remove', 'zone:{--delete-zone}', { status: 112 }],
      ['firewall-cmd --get-zones', 'list', 'zone'],
    ],
  },
  {
    see: 'https://man7.org/linux/man-pages/man5/hostname.5.html',
    rows: [
      ['hostnamectl set-hostname', 'set', 'hostname:of the machine', { value: '{0}' }],
      ['hostnamectl hostname', 'set', 'hostname:of the machine', { value: '{0}' }],
    ],
  },
  {
    see: 'https://man7.org/linux/man-pages/man8/lvcreate.8.html',
    rows: [
      ['pvcreate', 'create', 'physical volume:{0}', { status: 5 }],
      ['vgcreate', 'create', 'volume group:{0}', { status: 5 }],
      ['vgs', 'probe', 'volume group:{0}', { status: 5 }],
      ['vgdisplay', 'probe', 'volume group:{0}', { status: 5 }],
      ['pvs', 'probe', 'physical volume:{0}', { status: 5 }],
      ['pvdisplay', 'probe', 'physical volume:{0}', { status: 5 }],
      ['lvcreate', 'create', 'logical volume:{-n}', { status: 5 }],
      ['lvcreate', 'create', 'logical volume:{--name}', { status: 5 }],
      ['vgremove', 'remove', 'volume group:{0}', { status: 5 }],
    ],
  },
  {
    see: 'https://openzfs.github.io/openzfs-docs/man/master/8/zpool-create.8.html',
    rows: [
      ['zpool create', 'create', 'pool:{0}'],
      ['zpool list', 'probe', 'pool:{0}'],
      ['zpool destroy', 'remove', 'pool:{0}'],
      ['zfs create', 'create', 'dataset:{-1}', { unless: ['-p'] }],
      ['zfs list', 'probe', 'dataset:{-1}'],
      ['zfs destroy', 'remove', 'dataset:{-1}'],
      ['zfs snapshot', 'create', 'snapshot:{-1}'],
      ['btrfs subvolume create', 'create', '@{0}'],
      ['btrfs subvolume snapshot', 'create', '@{-1}'],
    ],
  },
  {
    see: 'https://man7.org/linux/man-pages/man8/cryptsetup.8.html',
    rows: [
      ['cryptsetup luksFormat', 'renew', 'encryption:of {0}'],
      ['cryptsetup luksOpen', 'create', 'mapping:{-1}', { status: 5 }],
      ['cryptsetup open', 'create', 'mapping:{-1}', { status: 5 }],
      ['cryptsetup luksClose', 'remove', 'mapping:{-1}', { status: 4 }],
      ['cryptsetup close', 'remove', 'mapping:{-1}', { status: 4 }],
    ],
  },
  {
    see: 'https://man7.org/linux/man-pages/man8/mkfs.ext4.8.html',
    rows: [
      // XFS and btrfs refuse what has a file system; ext asks, and with -F makes it anew.
      ['mkfs.xfs', 'create', 'file system:on {-1}', { unless: ['-f'] }],
      ['mkfs.btrfs', 'create', 'file system:on {-1}', { unless: ['-f', '--force'] }],
      ['mkfs.ext4|mkfs.ext3|mkfs.ext2|mke2fs -F', 'renew', 'file system:on {-1}'],
      ['mkfs.ext4|mkfs.ext3|mkfs.ext2|mke2fs', 'create', 'file system:on {-1}', { asks: true }],
      ['mkfs -F', 'renew', 'file system:on {-1}'],
      ['mkfs -f', 'renew', 'file system:on {-1}'],
      ['mkfs', 'create', 'file system:on {-1}', { asks: true }],
      ['mkfs.xfs -f', 'renew', 'file system:on {-1}'],
      ['blkid', 'probe', 'file system:on {-1}', { status: 2 }],
      ['parted mkpart', 'add', 'partition:on {0}'],
    ],
  },
];
