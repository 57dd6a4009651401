resource "aws_db_instance" "orders" {
  identifier          = "orders"
  engine              = "postgres"
  engine_version      = "16.4"
  instance_class      = "db.t4g.small"
  allocated_storage   = 20
  username            = "shop"
  deletion_protection = true

  final_snapshot_identifier = "orders-last"

  manage_master_user_password = true
}

resource "aws_instance" "mail" {
  ami           = "ami-0123456789abcdef0"
  instance_type = "t3.micro"

  user_data_replace_on_change = true
  user_data                   = <<-EOT
    #cloud-config
    packages:
      - postfix
  EOT
}

resource "helm_release" "ingress" {
  name       = "ingress-nginx"
  namespace  = "ingress"
  repository = "https://kubernetes.github.io/ingress-nginx"
  chart      = "ingress-nginx"
  version    = "4.11.3"
}
