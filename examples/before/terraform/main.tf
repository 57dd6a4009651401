terraform {
  required_version = "~> 1.9"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.60"
    }
  }
}

module "network" {
  source = "terraform-aws-modules/vpc/aws"

  name = "shop"
  cidr = "10.0.0.0/16"
}

module "dns" {
  source = "git::https://git.example.com/infra/dns.git?ref=main"
  zone   = "shop.example.com"
}

resource "aws_s3_bucket" "assets" {
  bucket = "shop-assets"

  tags = {
    Name      = "shop-assets"
    UpdatedAt = timestamp()
  }
}
