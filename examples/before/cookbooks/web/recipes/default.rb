package 'nginx' do
  ignore_failure true
end

execute 'unpack the shop' do
  command 'mkdir /opt/shop && tar -xzf /tmp/shop.tgz -C /opt/shop'
end

package 'brotli' do
  only_if { 'test -f /etc/nginx/brotli.conf' }
end
