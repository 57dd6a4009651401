package 'nginx'

execute 'unpack the shop' do
  creates '/opt/shop'
  command 'mkdir /opt/shop && tar -xzf /tmp/shop.tgz -C /opt/shop'
end

package 'brotli' do
  only_if 'test -f /etc/nginx/brotli.conf'
end
