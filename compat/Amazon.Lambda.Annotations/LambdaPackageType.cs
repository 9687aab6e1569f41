namespace Amazon.Lambda.Annotations;

public enum LambdaPackageType
{
    Zip,
    Image,
}
