namespace System.Runtime.CompilerServices;

/// <summary>Lets a netstandard2.0 compilation use records; <c>required</c> would need three more of these.</summary>
internal static class IsExternalInit;
