terraform {
  required_version = "~> 1.9"

  backend "s3" {
    bucket = "shop-terraform"
    key    = "shop.tfstate"
    region = "eu-west-1"
  }

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

resource "aws_cloudwatch_metric_alarm" "queue_age" {
  alarm_name          = "queue-age"
  alarm_description   = "Orders wait longer than ten minutes"
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 2
  metric_name         = "ApproximateAgeOfOldestMessage"
  namespace           = "AWS/SQS"
  period              = 300
  statistic           = "Maximum"
  threshold           = 600
}
